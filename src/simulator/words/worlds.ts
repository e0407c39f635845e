/** The small companies that a simulated account consists of: one kind of world for every line of business. Data only. */

export type Domain = 'shop' | 'travel' | 'bank' | 'media' | 'game'

export interface World {
  readonly persona: string
  readonly business: string
  readonly brands: readonly string[]
  readonly sections: readonly string[]
}

export const WORLDS: Readonly<Record<Domain, World>> = {
  shop: {
    persona: 'shopper',
    business: 'Online shop for home and garden',
    brands: ['Harbour & Pine', 'Kestrel Home', 'Oak & Ember', 'Blauwal', 'Nordlicht Möbel', 'Tin Kettle', 'Saffron Lane', 'Marlow Garden', 'Copperleaf', 'Hygge Haus',
      'Bright Anchor', 'Fernweh Outdoor', 'Little Quay', 'Casa Ribera', 'Pebble & Thread', 'Goldfink', 'Wintergrün', 'Old Mill Trading', 'Paper Crane', 'Sundial'],
    sections: ['Catalogue', 'Checkout', 'My account', 'Store finder', 'Loyalty club'],
  },
  travel: {
    persona: 'traveller',
    business: 'Trips by train, bus and ferry in one booking',
    brands: ['Wayfarer', 'Skerry Lines', 'Alpenblick Reisen', 'Meridian Rail', 'Drift & Dock', 'Fährhaus', 'Tern Air', 'Loop Mobility', 'Ponte Travel', 'Kilometer Null',
      'Sleeper Express', 'Isobar Trips', 'Bergfex Tours', 'Longitude', 'Cobble & Coast', 'Zugvogel', 'Northway Ferries', 'Atlas Stays', 'Halt & Go', 'Pilgrim Routes'],
    sections: ['Search and book', 'My trips', 'Seat map', 'Passes', 'On board'],
  },
  bank: {
    persona: 'account holder',
    business: 'Everyday banking and savings',
    brands: ['Clearwell', 'Fennel Bank', 'Sparwerk', 'Granite Mutual', 'Pennywise', 'Ledgerly', 'Hafenbank', 'Juniper Pay', 'Northbridge', 'Abacus Direct',
      'Tallyho', 'Kontor Eins', 'Beacon Savings', 'Mosaik Finanz', 'Quill & Coin', 'Riverbank', 'Steady', 'Umlaut Bank', 'Vesper Invest', 'Yarrow'],
    sections: ['Payments', 'Cards', 'Savings', 'Onboarding'],
  },
  media: {
    persona: 'viewer',
    business: 'Films, series and live sport',
    brands: ['Lanterna', 'Nachtkino', 'Stereo Peak', 'Vela', 'Popcorn Pier', 'Reelwood', 'Kanal Sieben', 'Prisma Play', 'Tidal Wave Sport', 'Cinélune',
      'Mondfilm', 'Echo Channel', 'Fjord TV', 'Glasshouse', 'Hummingbird', 'Indigo Screen', 'Kaleido', 'Lumière Nord', 'Matinee', 'Zoetrope'],
    sections: ['Player', 'Live', 'Kids', 'Downloads', 'Subscription'],
  },
  game: {
    persona: 'player',
    business: 'A game with seasons and an in-game shop',
    brands: ['Hexfall', 'Moss Golem', 'Starling Drift', 'Captain Barnacle', 'Neon Orchard', 'Dungeon Post', 'Turnip Wars', 'Glasblitz', 'Rune Harbour', 'Cloud Shepherd',
      'Iron Picnic', 'Kobold Kart', 'Last Lighthouse', 'Orbit Bakery', 'Pixel Prairie', 'Quantum Quiz', 'Sandcastle Siege', 'Vampire Valet', 'Wyrm & Co', 'Yeti Express'],
    sections: ['Campaign', 'Multiplayer', 'In-game shop'],
  },
}

/** Which kind of product the nth product of an account is; cyclic. The first three make the smallest account varied. */
export const PRODUCT_PLAN: readonly { readonly type: string; readonly domain: Domain; readonly suffix: string }[] = [
  { type: 'website', domain: 'shop', suffix: 'Web Shop' },
  { type: 'mobile_app_ios', domain: 'travel', suffix: 'iOS App' },
  { type: 'streaming_app', domain: 'media', suffix: 'TV' },
  { type: 'mobile_app_android', domain: 'bank', suffix: 'Android App' },
  { type: 'website', domain: 'travel', suffix: 'Website' },
  { type: 'gaming', domain: 'game', suffix: 'on Console' },
  { type: 'website', domain: 'bank', suffix: 'Online Banking' },
  { type: 'mobile_app_android', domain: 'shop', suffix: 'Android App' },
  { type: 'mobile_app_ios', domain: 'media', suffix: 'iOS App' },
  { type: 'website', domain: 'media', suffix: 'Website' },
  { type: 'mobile_app_windows', domain: 'bank', suffix: 'Windows App' },
  { type: 'mobile_app_ios', domain: 'shop', suffix: 'iOS App' },
  { type: 'mobile_app_android', domain: 'travel', suffix: 'Android App' },
  { type: 'gaming', domain: 'game', suffix: 'Mobile' },
  { type: 'streaming_app', domain: 'media', suffix: 'Stream' },
  { type: 'mobile_app_ios', domain: 'bank', suffix: 'iOS App' },
]

/** Added to a name when the brands of a line of business are used up. */
export const REGIONS: readonly string[] = ['DE', 'UK', 'US', 'Nordics', 'Iberia', 'France', 'Austria', 'Benelux', 'Poland', 'Japan', 'Canada', 'Brazil']
