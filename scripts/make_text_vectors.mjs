// Writes tests/vectors/twitter_text.json: texts of our own, and what X's counting library says of them.
//
// Run by hand, never by the tests:
//
//   mkdir oracle && cd oracle && npm install twitter-text@3.1.0
//   node PROJECT/scripts/make_text_vectors.mjs > PROJECT/tests/vectors/twitter_text.json
//
// `--count N` and `--seed S` make other texts, for looking further than the stored ones do.
// One row a text: [class, text, [weightedLength, valid, permillage, validRangeEnd, displayRangeEnd],
// links, hashtags, mentions, cashtags]; an entity is [value, start, end], in UTF-16 units as the library counts.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const oracle = require('twitter-text');
const library = oracle.default ?? oracle;

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const SEED = option('seed', 20230330);
const COUNT = option('count', 3600);

// mulberry32: small, and the same on every machine.
let state = SEED >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const some = (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make).join('');
const point = (first, last) => String.fromCodePoint(first + below(last - first + 1));

const WORDS = {
  latin: 'forum border officer training récord Überblick naïve coöperation Straße œuvre ÅNGSTRÖM İstanbul ışık ſhort Kelvin'.split(' '),
  thai: ['รายงาน', 'ผลการประชุม', 'ชายแดน', 'เทคโนโลยี', 'กรุงเทพฯ', 'ประเทศ', 'การค้ามนุษย์', 'ที่', 'และ'],
  lao: ['ລາຍງານ', 'ກອງປະຊຸມ', 'ຊາຍແດນ', 'ເຕັກໂນໂລຊີ'],
  khmer: ['របាយការណ៍', 'វេទិកា', 'ព្រំដែន', 'បច្ចេកវិទ្យា'],
  burmese: ['အစီရင်ခံစာ', 'နယ်စပ်', 'နည်းပညာ', 'ညီလာခံ'],
  cjk: ['報告書', '边境', '技术', '論壇', 'フォーラム', 'テクノロジー', '국경', '기술', 'です', 'ー', '、', '。', '「', '」'],
  rtl: ['تقرير', 'الحدود', 'تكنولوجيا', 'گزارش', 'דוח', 'גבול', 'סוף־שבוע', 'پاکستان'],
  other: ['доклад', 'граница', 'ἔκθεσις', 'რეპორტი', 'हिन्दी', 'রিপোর্ট', 'தமிழ்', '𝒜𝓑', '𐐷𐐯', '🄰', '𠮷野家', 'ⓐⅷ'],
};
const ALL_WORDS = Object.values(WORDS).flat();

const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];
const ZWJ = '\u200d';
const VS = '\ufe0f';
const EMOJI = [
  () => pick(['😀', '❤', '☺', '✈', '⚖', '♟', '™', '©', '®', '☃', '🀄', '🛑', '🌍', '🐕', '🏴', '🏳', '👁', '🗨', '⛹', '🕵', '☝', '🖐', '⛷']),
  () => pick(['❤', '☺', '✈', '♟', '™', '©', '®', '🀄', '🌍', '🏳', '👁', '😀', 'a', '#', '⛷']) + pick([VS, '\ufe0e', VS + VS]),
  () => pick(['👍', '👋', '☝', '🖐', '🕵', '🏌', '🤝', '🫱', '👪', '🧑', '😀', '⛷']) + pick(['', VS]) + pick(TONES),
  () => pick(['👨', '👩', '🧑']) + pick(['', pick(TONES)]) + ZWJ + pick(['⚕' + VS, '⚕', '✈' + VS, '🌾', '💻', '🚀', '🦰', '🦽', '🎄']),
  () => pick(['🏃', '👮', '🧙', '🧞', '👯', '🤼', '🏋', '⛹', '🕵', '🙅', '💁']) + pick(['', VS, pick(TONES)]) + ZWJ + pick(['♀', '♂', '⚧']) + pick([VS, VS, '']),
  () => [pick(['👨', '👩']), pick(['👨', '👩', '❤' + VS, '👦']), pick(['👦', '👧', '👨', '💋']), pick(['👦', '👧', '👩'])].slice(0, 2 + below(3)).join(ZWJ),
  () => pick(['👨🏽', '👩🏿', '🧑🏻']) + ZWJ + '🤝' + ZWJ + pick(['👨🏼', '👩', '🧑🏾']),
  () => pick(['🏳' + VS + ZWJ + '🌈', '🏳' + ZWJ + '🌈', '🏴' + ZWJ + '☠' + VS, '👁' + ZWJ + '🗨', '👁' + VS + ZWJ + '🗨' + VS, '🏳' + VS + ZWJ + '⚧' + VS]),
  () => pick(['🐦' + ZWJ + '🔥', '⛓' + VS + ZWJ + '💥', '🙂' + ZWJ + '↔' + VS, '🍋' + ZWJ + '🟩', '🧑' + ZWJ + '🧑' + ZWJ + '🧒', '🫩', '🪿', '🫱🏽' + ZWJ + '🫲🏿']),
  () => some(1, 3, () => point(0x1f1e6, 0x1f1ff)),
  () => pick(['🇹🇭', '🇲🇲', '🇮🇩', '🇨🇶', '🇦🇺', '🇪🇺', '🇺🇳']),
  () => '🏴' + pick(['gbeng', 'gbsct', 'gbwls', 'ustx']).split('').map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('') + '\u{e007f}',
  () => pick(['0', '5', '#', '*', 'a']) + pick(['', VS]) + '\u20e3',
  () => pick([ZWJ, VS, '\u20e3', pick(TONES), '\ufe0e']),
];
const emoji = () => pick(EMOJI)();

const NAMES = ['example', 'baliprocess', 'a', '1', 'x-y', 'x_y', '-a', 'a-', '_', 'bücher', 'ä', 'пример', '例え', 'ไทย', 'xn--bcher-kva', 'İx', 'ſ', '"q"', 'é'.normalize('NFD') + 't', '💻', '日。本', 'o'.repeat(64)];
const TLDS = ['com', 'net', 'org', 'th', 'co', 'io', 'museum', 'COM', 'みんな', '中国', 'ไทย', 'рф', 'РФ', 'vermögensberatung', 'xn--p1ai', 'XN--P1AI', 'kids', 'hotel', 'amazon', 'intel', 'onion', 'comx', 'x', '嘉里', '嘉里大酒店', 'भारतम्', 'գե', 'c', 'html', '2', 'py', 'sh', 'md', 'zip', 'गेम', 'გე', 'ᲒᲔ'];
const domain = () => some(1, 3, () => pick(NAMES) + pick(['.', '.', '.', '.', '..', '．', '。'])) + pick(TLDS);
const PATH = ['/', '/', 'a', 'path', 'é', 'Я', 'ไ', '日', '.', ',', '!', ':', ';', '-', '_', '~', '@', '@u/', '&', '=', '+', '%20', '#', '#x', '|', '\u2013', '\u2014', "'", '*', '$', '[', ']', '(', ')', '(x)', '(a(b)c)', '(a(b(c)))', '()', '((', '…', '😀', 'ſ', 'ɤ', '\u0345'];
const QUERY = ['a', '=', '&', '1', '?', '.', '!', '/', '#', '(', ')', 'é', '~', '|', '-', '_', "'", '@', '%'];
const rest = () =>
  pick(['', '', ':80', ':', ':x']) +
  (below(2) ? '/' + some(0, 6, () => pick(PATH)) : '') +
  (below(4) ? '' : '?' + some(0, 6, () => pick(QUERY)));
const SCHEMES = ['', '', '', 'http://', 'https://', 'HTTP://', 'hTTps://', 'ftp://', 'http:/', '//', 'xhttp://', 'http://http://'];
const link = () =>
  below(9)
    ? pick(SCHEMES) + domain() + rest()
    : pick(['http', 'https', 'HTTP']) + '://t.co/' + pick(['abc', 'Ab1', 'x'.repeat(40), 'x'.repeat(41), 'a-b', '']) + pick(['', '/more', '?a=1', '?', 'é', '.', '#h']);

const HASH = ['#', '#', '#', '＃', '##', '&#', '#\ufe0f'];
const INNER = ['a', 'RSO', 'tenyears', '1', '10', '_', 'é', 'é'.normalize('NFD'), 'ไทย', '技', 'ー', '・', '·', 'ـ', 'र्', '\u200c', ZWJ, '𝒜', '𠮷', '𞤀', '𐵀', '-', "'", '.', '⅓', '①', '٣', '๑', '߂', '𝟙', '\u037f', 'ⓐ', 'Ა', 'ꟋꟌ', 'ᏸ', 'ৼ'];
const hashtag = () => pick(HASH) + some(0, 4, () => pick(INNER));
const AT = ['@', '@', '@', '＠', '@@', 'RT@', 'rt:@', 'via@', '.@', '_@'];
const mention = () => pick(AT) + some(0, 3, () => pick(['user', 'Name_1', '12', '_', 'é', 'ไ', 'x'.repeat(21), '/list', '/list-1', '/1', '@', '://'])) ;
const cashtag = () => pick(['$', '$', '$$', 'a$', '＄']) + pick(['RSO', 'a', 'abcdef', 'abcdefg', 'ab.c', 'ab_cd', 'ab.cde', '1', 'é', '']) + pick(['', '', '.', ',', 'x', 'é', '!', '-', '$', '…']);

const GLUE = [' ', ' ', ' ', ' ', '', '', '\n', '\r\n', '\r', '\t', '\u00a0', '\u3000', '\u200b', '\u2003', '\u2028', '\u0085', '\u180e', '.', ',', '-', '_', '/', ':', '://', '(', ')', '"', '“', '”', '…', '—', '–', '&', '&amp;', '+', '~', '!', '@', '#', '$', '|', '·', "'", '*', '=', '%', '<', '>'];
const MARKS = ['\u200e', '\u200f', '\u061c', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'];
const ODD = ['\ufeff', '\ufffe', '\uffff', '\u0000', '\u0007', '\u007f', '\u00ad', '\u2060', '\u2032', '\u2010', '\u2011', '\u200d', '\u2020', '\u2037', '\u2038', '\u10ff', '\u1100', '\u1fff', '\u2000', '\ue50a', '\uf8ff', '\ufffd', '\u{10ffff}', '\u0958', '\u2126', '\u212b', '\uf900', '\u{1d15e}', 'e\u0301', 'a\u0323\u0302', 'ก\u0e33', '\u1112\u1161\u11ab'];
const word = () => pick(ALL_WORDS);
const ANY = [word, word, emoji, link, link, hashtag, mention, cashtag, () => pick(GLUE), () => pick(MARKS), () => pick(ODD)];

const sentence = (words, joint) => () => some(1, 60, () => pick(words) + pick(joint));
const CLASSES = {
  latin: sentence(WORDS.latin, [' ', ' ', ' ', ', ', '. ', '.', ' e\u0301', '! ', ' – ', ' — ']),
  thai: sentence(WORDS.thai, ['', '', ' ', 'ๆ ', 'ฯ']),
  southeast_asian: sentence([...WORDS.lao, ...WORDS.khmer, ...WORDS.burmese], ['', ' ', '។ ', '။', '\u200b']),
  cjk: sentence(WORDS.cjk, ['', '', ' ', '、', '。', '・']),
  right_to_left: sentence([...WORDS.rtl, 'Bali', '10'], [' ', ' ', '، ', '\u200f', '\u200e', '\u061c', '.']),
  other_scripts: sentence([...WORDS.other, ...WORDS.latin], [' ', '', ' e\u0301']),
  emoji: () => some(1, 12, () => emoji() + pick(['', '', ' ', 'a', ZWJ])),
  emoji_long: () => some(40, 160, () => pick(['😀', '🎉', '👨‍👩‍👧', '🇹🇭', '👍🏽', '5️⃣'])),
  link_alone: () => link(),
  link_in_text: () => some(0, 3, () => word() + pick(GLUE)) + link() + pick(GLUE) + some(0, 3, () => word() + ' '),
  link_between_odd: () => pick([word, emoji, () => pick(MARKS), () => pick(ODD), () => pick(GLUE)])() + link() + pick([word, emoji, () => pick(MARKS), () => pick(ODD), () => pick(GLUE)])(),
  links_touching: () => some(2, 4, () => link() + pick(GLUE)),
  domain_chain: () => some(2, 9, () => pick([...NAMES, ...TLDS]) + pick(['.', '.', '.', '', '..', '-.'])),
  hashtags: () => some(1, 4, () => pick([...GLUE, word(), emoji(), '&']) + hashtag() + pick([...GLUE, '', '', word(), link()])),
  mentions: () => some(1, 4, () => pick([...GLUE, word(), emoji(), 'é', 'x', '9']) + mention() + pick([...GLUE, '', '', word(), link()])),
  cashtags: () => some(1, 4, () => pick([...GLUE, word()]) + cashtag() + pick([...GLUE, '', word()])),
  line_ends: () => some(1, 8, () => word() + pick(['\r\n', '\n', '\r', '\r\n\r\n', ' ', '\u2029'])),
  marks_and_odd: () => some(1, 8, () => pick([...MARKS, ...ODD, word(), ' '])),
  over_the_limit: () => some(4, 9, () => pick([...ALL_WORDS, emoji(), ' ', link()]).repeat(1 + below(12)) + pick(GLUE)).padEnd(270 + below(20), pick(['x', 'ก ', '技', 'ab ', '😀'])),
  mixed: () => some(1, 14, () => pick(ANY)() + pick(GLUE)),
};

const wellFormed = (text) => Buffer.from(text, 'utf8').toString('utf8');
const entity = (key) => (found) => [found[key], ...found.indices];
const row = (name, text) => {
  const parsed = library.parseTweet(text);
  return [
    name,
    text,
    [parsed.weightedLength, parsed.valid, parsed.permillage, parsed.validRangeEnd, parsed.displayRangeEnd],
    library.extractUrlsWithIndices(text).map(entity('url')),
    library.extractHashtagsWithIndices(text).map(entity('hashtag')),
    library.extractMentionsWithIndices(text).map(entity('screenName')),
    library.extractCashtagsWithIndices(text).map(entity('cashtag')),
  ];
};

const names = Object.keys(CLASSES);
const rows = Array.from({ length: COUNT }, (_, index) => {
  const name = names[index % names.length];
  return JSON.stringify(row(name, wellFormed(CLASSES[name]())));
});
const version = (name) => require(`${name}/package.json`).version;
const head = { package: 'twitter-text', version: version('twitter-text'), emoji: `twemoji-parser ${version('twemoji-parser')}`, seed: SEED };
// Nobody should have to trust a file whose lines look other than they are.
const invisible = /[\u007f-\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]/g;
const escaped = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const body = rows.join(',\n').replace(invisible, escaped);
process.stdout.write(`${JSON.stringify(head).slice(0, -1)},"rows":[\n${body}\n]}\n`);
