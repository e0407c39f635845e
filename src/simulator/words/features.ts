/**
 * Features by line of business. Data only, one feature a line:
 * title | where to find it | what a person does there ; … | what can break there ; …
 */
import type { Domain } from './worlds.ts'

export interface FeatureWords {
  readonly title: string
  readonly place: string
  readonly actions: readonly string[]
  readonly things: readonly string[]
}

const COMMON = `
Log in|Top right, "Log in"|log in with e-mail and password;log in with a one-time code;stay logged in on this device|Password field;Login button;"Remember me" box
Registration|Start page, "Create account"|create an account with an e-mail address;confirm the e-mail address;see what is wrong with my input|Registration form;Confirmation mail;Country list
Password reset|Login page, "Forgot password?"|ask for a reset link;choose a new password;log in with the new password|Reset link;Password strength meter;Reset form
Search|Magnifier in the header|search for a word;correct a typo in my search;clear the search|Search field;Suggestion list;"No results" page
Filters|Left of the result list|combine two filters;remove one filter;see how many results are left|Filter panel;Filter chip;Result counter
Sorting|Above the result list|sort by price;sort by date;keep the sorting after going back|Sort menu;Result list
Profile|Menu, "My profile"|change my name;upload a picture;delete my picture|Profile picture;Name field;Save button
Addresses|My profile, "Addresses"|add an address;set a default address;delete an address|Address form;Postcode field;Default address
Payment methods|My profile, "Payment"|add a card;remove a card;choose the preferred method|Card number field;Expiry date;Card list
Notifications|Bell in the header|read a notification;switch off one kind of notification;mark all as read|Notification badge;Notification list;Switch for push messages
Settings|Menu, "Settings"|change the language;switch to dark mode;reset all settings|Language menu;Dark mode;Reset button
Help centre|Footer, "Help"|find an answer;rate an answer;write to the support|Help search;Contact form;Article page
Chat with support|Speech bubble, bottom right|start a chat;send a picture;read the chat again later|Chat window;Typing indicator;Attachment button
Cookie banner|First visit|accept all;choose single purposes;change my choice later|Cookie banner;Purpose list;"Reject all" button
Newsletter|Footer|subscribe;confirm the subscription;unsubscribe|Newsletter form;Unsubscribe link
Ratings|Detail page, below the description|read ratings;write a rating;report a rating|Star rating;Rating form;Average value
Share|Detail page, share icon|share by link;share to another app|Share sheet;Preview picture
Favourites|Heart icon|add a favourite;remove a favourite;see my favourites on another device|Heart icon;Favourites list
Onboarding|First start|skip the tour;finish the tour;allow notifications|Tour screen;Progress indicator;"Skip" link
Accessibility|Everywhere|use everything with the keyboard;hear every label with a screen reader;enlarge the text to 200 %|Focus order;Button label;Heading structure
Offline mode|Flight mode on|see what was loaded before;do something and have it sent later|Offline notice;Cached list
Deep links|Links in e-mails and messages|open a link in the app;come back to the browser|Link target;App banner
Legal pages|Footer|read the terms;print the terms|Terms page;Imprint
Navigation|Header and menu|open every menu entry;go back with the system button|Main menu;Breadcrumb;Back button`

const SHOP = `
Basket|Top right icon|add an item to the basket;change the quantity;remove an item|Quantity field;Basket total;Remove button
Checkout|Basket, "To checkout"|order as a guest;choose a delivery date;see all costs before paying|Delivery date picker;Cost summary;"Order now" button
Gift cards|Checkout, "I have a gift card"|redeem a gift card;see the rest of the value;combine two gift cards|Gift card field;Remaining value
Vouchers|Basket, "Voucher code"|apply a voucher;see why a voucher is refused|Voucher field;Discount line
Product page|Any product|choose a colour;zoom into a picture;see the availability|Picture gallery;Colour swatch;Availability note
Size advisor|Product page, "Find my size"|enter my measures;get a recommendation|Size table;Recommendation box
Order history|My account, "Orders"|see my orders;download an invoice;order the same again|Order list;Invoice PDF;"Order again" button
Returns|Order history, "Send back"|announce a return;print the label;follow the refund|Return form;Return label;Refund status
Store finder|Footer, "Stores"|find a store near me;see the opening hours|Map;Opening hours line;Store list
Click and collect|Product page, "Collect in store"|reserve an item;choose a store;get a message when it is ready|Store selection;Pick-up code
Wish list|Heart on a product|make a second list;share a list|List name;Share button
Comparison|Product list, "Compare"|compare three products;remove a product|Comparison table;Sticky header
Recommendations|Below the product|see similar products;hide a recommendation|Recommendation carousel;Arrow button
Loyalty points|My account, "Points"|see my points;pay with points|Points balance;Points slider
Back in stock|Sold-out product|ask for a message;cancel the message|Reminder form;Confirmation text
Product videos|Product page, play icon|play a video;switch on subtitles|Video player;Subtitle button`

const TRAVEL = `
Connection search|Start page|search a connection;add a stop on the way;search for the return|Station field;Date picker;Time slider
Seat reservation|After choosing a connection|choose a seat on the map;change the coach|Seat map;Coach switch;Seat legend
Booking|"Continue" below the offer|book for two people;add a discount card;pay|Passenger form;Discount card list;Pay button
Tickets|My trips|show a ticket offline;add a ticket to the wallet;send a ticket|Ticket code;Wallet button;Ticket PDF
Live status|My trips, a trip of today|see a delay;see the platform|Delay notice;Platform number;Status bar
Alternatives|Live status, "Alternatives"|find the next connection;keep my reservation|Alternative list;Change button
Cancellation|My trips, "Cancel"|cancel a trip;see the fee first;get the refund|Fee table;Cancel dialogue;Refund notice
Passes|Menu, "Passes"|buy a monthly pass;activate a pass|Pass card;Activation date
Map|Map tab|find a stop near me;follow the way on foot|Map pin;Own position;Walking route
Price calendar|Date picker, "Cheapest day"|see the cheapest day;change the month|Calendar grid;Price label
Group trips|Start page, "Group"|book for twelve people;name all passengers|Passenger counter;Name list
Luggage|Booking, "Luggage"|add a bicycle;add a big suitcase|Bicycle option;Luggage price
Hotels|Start page, "Stay"|find a hotel at the destination;read the house rules|Hotel list;Room picture;House rules page
Vouchers|Booking, "Voucher"|redeem a voucher;split a voucher|Voucher field;Voucher rest
Travel alarm|Trip, "Alarm"|set an alarm before getting off;switch the alarm off|Alarm switch;Alarm time
Loyalty status|Menu, "Status"|see my status points;claim a missing trip|Points table;Claim form`

const BANK = `
Account overview|Start page|see all accounts;hide an account;rename an account|Balance line;Account card;Rename dialogue
Transfer|Payments, "New transfer"|send money;use a saved recipient;scan an invoice|Amount field;IBAN field;Confirm button
Standing orders|Payments, "Standing orders"|set up a standing order;change the amount;end it|Date rule;Order list
Instant payment|Transfer, "Instant"|send money at once;see that it has arrived|Instant switch;Fee hint
Card lock|Cards, "Lock"|lock a card;unlock it|Lock switch;Card picture
Card PIN|Cards, "PIN"|see the PIN;change the PIN|PIN view;Countdown
Spending report|Analysis tab|see spending by category;move a payment to another category|Pie chart;Category list
Savings goals|Savings tab|make a goal;save a monthly amount;take money out|Progress ring;Goal form
Statements|Documents|download a statement;search in statements|Statement PDF;Month list
Two-factor|After login|confirm on another device;register a new device|Confirm dialogue;Device list
Identification|Onboarding, step 3|take a picture of my identity card;start a video call|Camera frame;Upload progress
Limits|Settings, "Limits"|change the daily limit;see what is left today|Limit slider;Rest of today
Shared account|Account, "Share"|invite a partner;see who paid|Invitation link;Member list
Currency exchange|Payments, "Exchange"|change euro to dollar;see the rate|Rate line;Amount field
Direct debits|Payments, "Debits"|see a direct debit;return a direct debit|Debit list;Return button
Insurance offers|Menu, "Insurance"|ask for an offer;compare two offers|Offer form;Price table`

const MEDIA = `
Player|Any title|play and pause;jump ten seconds;go to the next episode|Progress bar;Play button;Next-episode card
Subtitles|Player, speech bubble|switch on subtitles;change the size;change the language|Subtitle text;Subtitle menu
Audio tracks|Player, sound icon|choose another language;hear the audio description|Audio menu;Volume
Continue watching|Start page, first row|go on where I stopped;remove a title|Resume position;Tile row
Downloads|Title page, arrow|download an episode;watch it offline;delete it|Download queue;Storage notice
Kids profile|Profile choice|make a kids profile;leave it with a PIN|PIN dialogue;Age rating
Live TV|Live tab|watch a channel;go back to the start of a programme|Channel list;Live badge;Programme guide
Programme guide|Live tab, "Guide"|see what is on tonight;set a reminder|Guide grid;Reminder bell
Sport centre|Sport tab|watch a match without seeing the result;see the table|Score line;League table;Spoiler switch
Casting|Player, cast icon|send to the television;control the volume from the phone|Device list;Cast bar
Picture quality|Player, gear|choose the quality;save mobile data|Quality menu;Data note
Watch list|Title page, plus|add a title;sort the list|Plus button;List order
Subscription|Account, "Plan"|change the plan;end the plan;see the next invoice|Plan card;Price line;Confirm page
Devices|Account, "Devices"|see my devices;log a device out|Device list;Last used date
Trailers|Title page|watch a trailer;switch the sound on|Trailer window;Sound button
Profiles|Start, profile choice|add a profile;change the picture|Profile tile;Picture list`

const GAME = `
Tutorial|First start|finish the tutorial;skip the tutorial|Hint bubble;Tutorial arrow
Campaign map|Main menu, "Campaign"|choose a level;see my stars|Level marker;Star counter
Save games|Pause, "Save"|save the game;load an older save;use a cloud save|Save slot;Cloud icon
Inventory|I key or bag icon|equip an item;sort items;throw an item away|Item grid;Tooltip;Sort button
Crafting|Workshop|craft an item;see what is missing|Recipe list;Craft button
Matchmaking|Main menu, "Play online"|find a match;leave the queue|Queue timer;Map vote
Friends list|Shoulder button|invite a friend;block a player|Invite message;Online status
Voice chat|In a match|talk to the team;mute a player|Mute icon;Volume slider
In-game shop|Main menu, "Shop"|buy coins;see what a bundle contains|Coin balance;Bundle card;Purchase dialogue
Season pass|Main menu, "Season"|see the rewards;claim a reward|Reward track;Claim button
Leaderboards|Main menu, "Ranks"|see my rank;see friends only|Rank row;Friends switch
Controls|Options, "Controls"|change a key;use a controller|Key list;Vibration
Graphics options|Options, "Graphics"|change the resolution;limit the frame rate|Resolution menu;Frame rate
Achievements|Profile|see open achievements;share one|Progress bar;Achievement picture
Daily quests|Start screen|see today's quests;exchange a quest|Quest card;Countdown
Photo mode|Pause, "Photo"|take a picture;hide the interface|Camera control;Frame list`

const parse = (lines: string): readonly FeatureWords[] =>
  lines.trim().split('\n').map((line) => {
    const [title = '', place = '', actions = '', things = ''] = line.split('|')
    return { title, place, actions: actions.split(';'), things: things.split(';') }
  })

/** Features that every kind of product may have. */
export const COMMON_FEATURES = parse(COMMON)

/** Features of one line of business. */
export const DOMAIN_FEATURES: Readonly<Record<Domain, readonly FeatureWords[]>> = {
  shop: parse(SHOP), travel: parse(TRAVEL), bank: parse(BANK), media: parse(MEDIA), game: parse(GAME),
}
