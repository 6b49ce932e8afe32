import { judgePassphrase, type PassphraseStrength } from '$lib/domain/backup-encryption';
import { chooseBackupName } from '$lib/domain/backup';
import { expect, test } from 'vitest';

const cases: readonly (readonly [string, PassphraseStrength])[] = [
	['', 'too-short'],
	['secret1', 'too-short'],
	['password', 'weak'],
	['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
	['12345678901234567890', 'weak'],
	['abcdefghijklmnop', 'weak'],
	['summer2026', 'weak'],
	['correct horse battery', 'weak'],
	['correct horse battery staple', 'fair'],
	['correct horse battery staple window piano', 'strong'],
	['kT9#vQ2!', 'fair'],
	['kT9#vQ2!mZ7&xL', 'strong']
];

test.each(cases)('the passphrase “%s” is called %s', (passphrase, strength) => {
	expect(judgePassphrase(passphrase)).toBe(strength);
});

test('an encrypted backup never has the name of a plain one with letters behind it', () => {
	const taken = new Set(['ai-notes-S.sqlite3', 'ai-notes-S-2.sqlite3.age']);
	const isTaken = (name: string): boolean => taken.has(name);
	expect(chooseBackupName('S', isTaken, true)).toBe('ai-notes-S-3.sqlite3.age');
	expect(chooseBackupName('S', isTaken)).toBe('ai-notes-S-3.sqlite3');
	expect(chooseBackupName('T', isTaken)).toBe('ai-notes-T.sqlite3');
});
