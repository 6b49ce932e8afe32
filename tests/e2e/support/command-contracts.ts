import * as v from 'valibot';
import { backupContracts } from './contracts/backups';
import { databaseContracts } from './contracts/database';
import { modelContracts } from './contracts/models';
import { noteContracts } from './contracts/notes';
import { operationContracts } from './contracts/operations';
import { outsideContracts } from './contracts/outside';
import { proofContracts } from './contracts/proof';

/*
 * COMMANDS.md, row by row, and the commands that it does not have: what `data` holds. More fields may
 * come, none of these may go. A figure that cannot be read is null, never 0 (PRODUCT.md), where this is
 * said here.
 */

export const contracts: Readonly<Record<string, v.GenericSchema>> = {
	...operationContracts,
	...noteContracts,
	...backupContracts,
	...outsideContracts,
	...proofContracts,
	...databaseContracts,
	...modelContracts
};

/** What is wrong with an answer, one line each; empty when it is as COMMANDS.md says. */
export const breaches = (command: string, data: unknown): string[] => {
	const schema = contracts[command];
	if (!schema) return [`${command} is not in COMMANDS.md`];
	const { issues = [] } = v.safeParse(schema, data);
	return issues.map((issue) => `${command}: ${v.getDotPath(issue)}: ${issue.message}`);
};
