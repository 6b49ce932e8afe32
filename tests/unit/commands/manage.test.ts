import type { Command } from '$lib/commands/command';
import { createCommandRegistry, createManage } from '$lib/commands/manage';
import { createRegistry } from '$lib/commands/registry';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const command = (change: Partial<Command> = {}): Command => ({
	name: 'greet',
	usage: 'greet NAME [--loud]',
	summary: 'Greets.',
	required: ['NAME'],
	options: [{ name: '--loud', kind: 'flag' }],
	run: (args) => Promise.resolve({ text: `hello ${args.word(0)}`, data: { to: args.word(0) } }),
	...change
});

const manageWith = (...commands: Command[]) =>
	createManage(fakeServices({}), createRegistry([commands]));

test('a command answers with text and data', async () => {
	expect(await manageWith(command())('greet "you all"')).toEqual({
		ok: true,
		text: 'hello you all',
		data: { to: 'you all' }
	});
});

test.each([
	['nope', 'There is no command nope.\nUsage: help [COMMAND]'],
	['', 'Type a command.\nUsage: help [COMMAND]'],
	['greet', 'NAME is missing.\nUsage: greet NAME [--loud]'],
	['greet a --quiet', 'There is no option --quiet.\nUsage: greet NAME [--loud]'],
	['greet "a', 'A " is not closed.\nUsage: help [COMMAND]'],
	['help nope', 'There is no command nope.\nUsage: help [COMMAND]']
])('a mistake in %j is answered with the usage line', async (line, text) => {
	expect(await manageWith(command())(line)).toMatchObject({
		ok: false,
		text,
		data: { error: { code: 'usage' } }
	});
});

test('a failure is an answer with its reason, never a rejection', async () => {
	const refused = () => Promise.reject(new AppError('backup-missing', 'There is no backup x.'));
	expect(await manageWith(command({ run: refused }))('greet x')).toEqual({
		ok: false,
		text: 'There is no backup x.',
		data: { error: { code: 'backup-missing', message: 'There is no backup x.' } }
	});
	const details = { neededBytes: 60_000_000, freeBytes: 20_000_000 };
	const full = () => Promise.reject(new AppError('storage-full', 'No backup was made.', details));
	expect(await manageWith(command({ run: full }))('greet x')).toMatchObject({
		text: 'No backup was made. About 60 MB are needed; the browser reports 20 MB free.',
		data: { error: { code: 'storage-full', message: 'No backup was made.' } }
	});
	const broken = () => {
		throw new TypeError('oops');
	};
	expect(await manageWith(command({ run: broken }))('greet x')).toMatchObject({
		ok: false,
		text: 'oops'
	});
	const noText = undefined as unknown as string;
	expect(await manageWith(command())(noText)).toMatchObject({ ok: false });
});

test('a name is given to one command only', () => {
	expect(() => createRegistry([[command()], [command()]])).toThrow(/two commands are called greet/);
	expect(() => createRegistry([[command({ name: 'help' })]])).toThrow(/help/);
});

const documented = [
	'help version health_check metrics storage backup_database list_backups verify_backup compare_backup test_restore restore_database restore_note rotate_backups delete_backup pin_backup download_backup integrity_check vacuum analyze optimize rebuild_index db_size dbshell slow_queries embedding_status regenerate_embeddings jobs pause_job resume_job cancel_job get_embedding models download_model clear_model_cache use_model delete_vectors search create_note get_note update_note delete_note list_notes',
	'backup_rotation label_backup',
	'outside_copies copy_backup check_file recovery_kit simulate_damage',
	'logs rotate_logs cleanup_logs',
	'evaluate_search',
	'schedule run_task enable_task',
	'rotate_passphrase backup_encryption unlock_backups',
	'export_pgvector export_qdrant support_bundle',
	'salvage join_backups',
	'excluded_tags check_vectors note_map suggestions suggest_tags merge_notes'
].join(' ');

test('help lists every command that works, and no other', async () => {
	const { data } = await createManage(fakeServices({}))('help');
	const { commands } = data as { commands: { name: string; usage: string; summary: string }[] };
	expect(commands.map(({ name }) => name).toSorted()).toEqual(documented.split(' ').toSorted());
	for (const { name, usage, summary } of commands) {
		expect(usage.split(' ')[0]).toBe(name);
		expect(summary).toMatch(/^[A-Z].+\.$/);
	}
});

test('help of one command shows its usage', async () => {
	const answer = await createManage(fakeServices({}))('help restore_note');
	expect(answer.text).toContain('restore_note NAME NOTE_ID [--as-copy]');
	expect(answer.data).toMatchObject({ commands: [{ name: 'restore_note' }] });
});

test('every option and name of a command stands in its usage line', () => {
	for (const each of createCommandRegistry().commands) {
		for (const option of each.options ?? []) expect(each.usage).toContain(option.name);
		for (const word of [...(each.required ?? []), ...(each.optional ?? [])]) {
			expect(each.usage).toContain(word);
		}
	}
});
