import { proposeTags } from '$lib/domain/suggestions';
import { describe, expect, test } from 'vitest';

describe('tags from the neighbours of a note', () => {
	test('those that half of the neighbourhood has, the surest first, and none that it has', () => {
		const neighbours = [
			{ tags: ['bike', 'home', 'mine'], similarity: 0.9 },
			{ tags: ['bike', 'home', 'mine'], similarity: 0.8 },
			{ tags: ['bike'], similarity: 0.7 },
			{ tags: ['tax'], similarity: 0.3 }
		];
		expect(proposeTags(['mine'], neighbours).map(({ tag }) => tag)).toEqual(['bike', 'home']);
		expect(proposeTags(['mine'], neighbours)[0]?.share).toBeCloseTo(2.4 / 2.7);
	});

	test('two spellings are one tag: they count together, and none of what the note has comes back', () => {
		const neighbours = [
			{ tags: ['Home', 'bike'], similarity: 0.9 },
			{ tags: ['home', 'bike'], similarity: 0.8 }
		];
		expect(proposeTags(['Bike'], neighbours)).toEqual([{ tag: 'Home', share: 1 }]);
	});

	test('one neighbour alone proposes nothing, and neither do none', () => {
		expect(proposeTags([], [{ tags: ['bike'], similarity: 0.9 }])).toEqual([]);
		expect(proposeTags([], [])).toEqual([]);
	});
});
