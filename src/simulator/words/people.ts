/** Names of testers and of customer users. Data only. Two names are in both lists on purpose: a name is no identity. */

export const TESTER_ADJECTIVES: readonly string[] = ['quiet', 'copper', 'late', 'salty', 'brave', 'misty', 'rapid', 'velvet', 'amber', 'lucky', 'polar', 'sunny', 'silent', 'crisp',
  'dusty', 'electric', 'frosty', 'gentle', 'hollow', 'ivory', 'jolly', 'keen', 'lunar', 'mellow', 'nimble', 'olive', 'proud', 'rusty', 'stormy', 'tidy']

export const TESTER_ANIMALS: readonly string[] = ['heron', 'lynx', 'otter', 'magpie', 'badger', 'gecko', 'walrus', 'finch', 'marten', 'ibis', 'moose', 'newt', 'osprey', 'panda', 'quokka',
  'raven', 'stoat', 'tapir', 'urchin', 'viper', 'wombat', 'yak', 'zebra', 'beetle', 'crane', 'dingo', 'egret', 'falcon', 'gibbon', 'hare']

/** Testers whose names need care. */
export const ODD_TESTERS: readonly string[] = ['Mara Lindqvist', 'N Okoye', "o'malley_qa", 'Zoë-Ann', '测试员_李', 'Ḿîçħȧ', 'the "bug" hunter', 'tester; drop']

export const CUSTOMERS: readonly string[] = ['Mara Lindqvist', 'N Okoye', 'J. Fuchs', 'TB', 'Amélie Rousseau', 'Jürgen Weiß', 'Priya Raman', "Sinéad O'Hara", 'K. M.', 'Tomasz Zięba',
  'Lena Vogt', 'Omar Haddad', 'R. Castellanos', 'Ingrid Solberg', 'Hiroshi Tanabe']

export const FIRST_NAMES: readonly string[] = ['Ada', 'Ben', 'Clara', 'David', 'Emre', 'Freya', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Liam', 'Mila', 'Noah', 'Olga', 'Paul', 'Rosa', 'Sam', 'Tilda', 'Uwe']
export const LAST_NAMES: readonly string[] = ['Albrecht', 'Berg', 'Carlsen', 'Dietz', 'Ekström', 'Farley', 'Grün', 'Hale', 'Ivanov', 'Jansen', 'Keller', 'Lopez', 'Møller', 'Novak', 'Orsini', 'Pohl', 'Quist', 'Reyes', 'Sato', 'Thorne']

/** Team leaders speak in comments; they are neither testers with bugs nor customers. */
export const TEAM_LEADERS: readonly string[] = ['lead_carla', 'lead_dmitri', 'TL Hannah']
