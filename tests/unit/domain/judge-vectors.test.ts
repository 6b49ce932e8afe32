import { judgeVectors } from '$lib/domain/vector-care';
import { expect, test } from 'vitest';

const sound = { model: 'm', checked: 9, nan: 0, zero: 0, wrongSize: 0, orphan: 0, duplicate: 0 };

test('only sound vectors are called so', () => {
	expect(judgeVectors(sound)).toEqual({ tone: 'ok', words: 'Nothing wrong', needsRepair: false });
});

test('vectors that only equal those of other texts are a warning, and can be repaired', () => {
	expect(judgeVectors({ ...sound, duplicate: 2 })).toEqual({
		tone: 'warning',
		words: '2 vectors equal to another text’s',
		needsRepair: true
	});
});

test.each(['nan', 'zero', 'wrongSize', 'orphan'] as const)(
	'a vector of no use is a failure, whatever else there is: %s',
	(kind) => {
		expect(judgeVectors({ ...sound, duplicate: 2, [kind]: 1 })).toEqual({
			tone: 'failing',
			words: '1 vector of no use',
			needsRepair: true
		});
	}
);
