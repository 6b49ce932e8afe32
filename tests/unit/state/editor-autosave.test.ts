import { EditorAutosave } from '$lib/state/editor-autosave';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = () => {
	const save = vi.fn();
	const keepDraft = vi.fn();
	const autosave = new EditorAutosave(Date.now, { save, keepDraft });
	save.mockImplementation(() => autosave.cancel());
	return { autosave, save, keepDraft };
};

test('an edit is sent to the disk 300 ms after the last key', () => {
	const { autosave, save } = start();
	autosave.edited(10);
	vi.advanceTimersByTime(200);
	autosave.edited(11);
	vi.advanceTimersByTime(299);
	expect(save).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(save).toHaveBeenCalledTimes(1);
});

test('who types without a pause is saved every two seconds all the same', () => {
	const { autosave, save } = start();
	for (let ms = 0; ms < 6_100; ms += 100) {
		autosave.edited(10);
		vi.advanceTimersByTime(100);
	}
	expect(save).toHaveBeenCalledTimes(3);
});

test('a short note is kept as a draft at each key, a long one once a second at most', () => {
	const short = start();
	const long = start();
	for (let key = 0; key < 25; key += 1) {
		short.autosave.edited(500);
		long.autosave.edited(200_000);
		vi.advanceTimersByTime(50);
	}
	expect(short.keepDraft).toHaveBeenCalledTimes(25);
	expect(long.keepDraft).toHaveBeenCalledTimes(1);
});
