/** Fifty texts of the kinds that people write: plain, accented, symbols, other scripts, long. */
const short = [
	'hello world',
	'How do I fix my bike?',
	'The chain slipped off while I was changing gears on the hill.',
	'Buy milk, eggs, bread and 2 kg of flour.',
	'a',
	'I',
	'.',
	'...!?',
	'12345 67.89 -3',
	'THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG',
	'the quick brown fox jumps over the lazy dog',
	'Meeting with Anna at 10:30 (room 4b)',
	'https://example.org/path?query=value#part',
	'name@example.org',
	'const add = (a, b) => a + b;',
	'SELECT * FROM notes WHERE id = 1',
	'**bold** and _italic_ and `code`',
	'- [ ] water the plants',
	'# Heading',
	'| a | b |',
	"It's John's; they're not ours.",
	'"Quoted" – with a dash — and an ellipsis…'
];

const accented = [
	'Café crème brûlée à la carte',
	'Die Straße über die Brücke ist gesperrt.',
	'El niño comió piñas mañana por la mañana.',
	'Příliš žluťoučký kůň úpěl ďábelské ódy',
	'Smörgåsbord på en ö i Östersjön',
	'ﬁne ligatures and ①②③ full width ＡＢＣ',
	'naïve façade résumé',
	'e\u0301 composed from two characters'
];

const beyond = [
	'I love this 😀',
	'👩‍👩‍👧‍👦 family dinner 🍕🍕',
	'🚲🔧',
	'日本語のノート',
	'Привет, мир',
	'مرحبا بالعالم',
	'שלום עולם',
	'混ぜた text with 漢字 inside',
	'α + β = γ, ∑ x² ≤ ∞',
	'price: 5 € or £4 or ¥600',
	'temperature −4 °C',
	'<s> markup </s> extra_token_id_1',
	'zero\u200bwidth',
	'sim\u00adple soft hyphen'
];

const sentence = 'Every spring we clean the gutters, check the roof and paint the fence again. ';

const long = [
	sentence.repeat(3),
	`${sentence.repeat(5)}Then we rest.`,
	sentence.repeat(7),
	'Water boils at a lower temperature on a mountain because the air pressure is lower there, so rice needs more time, and tea tastes weaker; a pressure cooker solves this by keeping the steam inside until the pressure rises.',
	'An unusually inexhaustible incomprehensible counterrevolutionary antidisestablishmentarianism',
	'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'
];

export const modelTexts: readonly string[] = [...short, ...accented, ...beyond, ...long].map(
	(text) => text.trim()
);
