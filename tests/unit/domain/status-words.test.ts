import { toneStatusWords } from '$lib/domain/status-words';
import { expect, test } from 'vitest';

const toned = (text: string): string[] =>
	toneStatusWords(text).flatMap(({ text: word, tone }) => (tone ? [`${word}: ${tone}`] : []));

test('a state in a table has its colour, the same word in a sentence or a title has none', () => {
	const table = [
		'Check             Status   Value',
		'Opens             ok       schema 1',
		'Backup age        warning  9 days',
		'The ok of a note  failing  all is ok here',
		'Name  verified'
	].join('\n');
	expect(toned(table)).toEqual(['ok: ok', 'warning: warning', 'failing: failing', 'verified: ok']);
	expect(toned('The database is DAMAGED (3 ms):')).toEqual(['DAMAGED: failing']);
	expect(toned('It failed, but all is ok.')).toEqual([]);
});

test('nothing of an answer is lost by colouring it', () => {
	for (const text of ['', 'ok', 'x  ok\n\nfailing  y', 'a\nNOT verified\n']) {
		expect(
			toneStatusWords(text)
				.map((part) => part.text)
				.join('')
		).toBe(text);
	}
});
