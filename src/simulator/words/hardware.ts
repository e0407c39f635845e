/** Devices, operating systems and browsers. Data only, one device a line: category | vendor | model | system | versions | browsers */

export interface DeviceWords {
  readonly category: string
  readonly vendor: string
  readonly model: string
  readonly system: string
  readonly versions: readonly string[]
  readonly browsers: readonly string[]
}

const DEVICES = `
Computers|Dell|XPS 13|Windows|10;11|Chrome;Firefox;Edge
Computers|Lenovo|ThinkPad X1|Windows|10;11|Chrome;Edge
Computers|HP|EliteBook 840|Windows|10;11|Firefox;Edge
Computers|Asus|ZenBook 14|Windows|11|Chrome;Opera
Computers|Apple|MacBook Air|macOS|13;14;15|Safari;Chrome
Computers|Apple|MacBook Pro 14|macOS|14;15|Safari;Firefox
Computers|Framework|Laptop 13|Linux|Ubuntu 22.04;Ubuntu 24.04|Firefox;Chrome
Smartphones|Apple|iPhone 12|iOS|16;17|Safari
Smartphones|Apple|iPhone 14|iOS|17;18|Safari;Chrome
Smartphones|Apple|iPhone 15 Pro|iOS|17;18|Safari
Smartphones|Apple|iPhone SE (2022)|iOS|16;17;18|Safari
Smartphones|Samsung|Galaxy S22|Android|13;14|Chrome;Samsung Internet
Smartphones|Samsung|Galaxy A54|Android|13;14;15|Chrome
Smartphones|Google|Pixel 7|Android|13;14;15|Chrome
Smartphones|Google|Pixel 9|Android|15|Chrome;Firefox
Smartphones|Xiaomi|Redmi Note 12|Android|12;13|Chrome
Smartphones|OnePlus|Nord 3|Android|13;14|Chrome
Smartphones|Fairphone|Fairphone 5|Android|13;14|Firefox
Tablets|Apple|iPad Air|iPadOS|16;17;18|Safari
Tablets|Apple|iPad mini|iPadOS|16;17|Safari
Tablets|Samsung|Galaxy Tab S8|Android|13;14|Chrome
Televisions|Samsung|QE55 Q80|Tizen|6.5;7.0|
Televisions|LG|OLED C2|webOS|22;23|
Televisions|Amazon|Fire TV Stick 4K|Fire OS|7;8|
Televisions|Apple|Apple TV 4K|tvOS|16;17|
Consoles|Sony|PlayStation 5|PlayStation|23;24|
Consoles|Microsoft|Xbox Series X|Xbox|10.0|
Consoles|Nintendo|Switch OLED|Nintendo Switch|17;18|`

export const DEVICE_WORDS: readonly DeviceWords[] = DEVICES.trim().split('\n').map((line) => {
  const [category = '', vendor = '', model = '', system = '', versions = '', browsers = ''] = line.split('|')
  return { category, vendor, model, system, versions: versions.split(';'), browsers: browsers === '' ? [] : browsers.split(';') }
})

/** Which systems a product type is tested on. */
export const SYSTEMS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  website: ['Windows', 'macOS', 'iOS', 'Android', 'iPadOS', 'Linux'],
  mobile_app_ios: ['iOS', 'iPadOS'],
  mobile_app_android: ['Android'],
  mobile_app_windows: ['Windows'],
  streaming_app: ['Tizen', 'webOS', 'Fire OS', 'tvOS', 'Android', 'iOS'],
  gaming: ['PlayStation', 'Xbox', 'Nintendo Switch', 'Windows'],
}

/** The words of the API for a category: key and id. */
export const CATEGORIES: Readonly<Record<string, { readonly id: number; readonly key: string }>> = {
  Computers: { id: 1, key: 'computer' }, Smartphones: { id: 2, key: 'smartphone' }, Tablets: { id: 3, key: 'tablet' },
  Televisions: { id: 4, key: 'tv' }, Consoles: { id: 5, key: 'console' },
}
