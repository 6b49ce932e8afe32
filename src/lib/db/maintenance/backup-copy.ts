import { AppError } from '$lib/shared/app-error';
import type { Connection } from '$lib/db/sqlite/connection';
import type { Database } from '$lib/db/sqlite/database';
import { compareFacts, readContentFacts, type ContentFacts } from './content-facts';
import { findDamage } from './find-damage';
import type { WrittenFile } from './write-backup';

export interface CopyJob {
	readonly source: Database;
	/** Of the backup that is to be. */
	readonly name: string;
	readonly onStep: (step: string, done: number) => void;
}

/** What lies at `name.part`, whole and checked. */
export interface MadeBackup {
	readonly facts: ContentFacts;
	readonly written: WrittenFile;
}

/** One moment: nothing can be written between the counts and the copy. */
export const copyInto = (source: Database, target: string): ContentFacts => {
	const facts = readContentFacts(source);
	source.run('VACUUM INTO $target', { $target: target });
	return facts;
};

/** Throws `db-damaged` unless the copy is sound and holds what was counted when it was made. */
export const requireSound = async (
	copy: Database,
	openBeside: () => Connection,
	facts: ContentFacts
): Promise<void> => {
	const findings = [
		...(await findDamage(openBeside, copy)),
		...compareFacts(facts, readContentFacts(copy), 'The copy')
	];
	if (findings.length === 0) return;
	const message = `No backup was made, the notebook is damaged: ${findings.join(' ')}`;
	throw new AppError('db-damaged', message, { findings: findings.length });
};
