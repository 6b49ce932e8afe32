import { cpus, loadavg } from 'node:os';
import { backupBench } from './backup-benches';
import { createBenchSite } from './harness/bench-site';
import { judge } from './harness/judge';
import type { Bench } from './harness/measurement';
import { loadNotes } from './harness/notes';
import { recordBench } from './record-bench';
import { scanBench, searchBench } from './search-benches';
import { typingBench } from './typing-bench';
import { embeddingBench, importBench, memoryBench } from './worker-benches';

/** `npm run bench`, or `npm run bench -- import embedding` for some of them. */
export const main = async (names: readonly string[]): Promise<void> => {
	const set = loadNotes();
	const site = createBenchSite(set);
	const benches: Record<string, Bench> = {
		import: importBench(site),
		embedding: embeddingBench(site),
		memory: memoryBench(site),
		scan: scanBench(site),
		search: searchBench(site),
		backup: backupBench(site),
		typing: typingBench(),
		records: recordBench(site)
	};
	const load = loadavg().map((value) => value.toFixed(2));
	console.log(`${cpus().length} cores (${cpus()[0]?.model}), load average ${load.join(' ')}`);
	try {
		const missed = await judgeAll(benches, names.length > 0 ? names : Object.keys(benches));
		console.log(missed.length === 0 ? '\nAll goals met.' : `\nMissed: ${missed.join('; ')}`);
		process.exitCode = missed.length === 0 ? 0 : 1;
	} finally {
		await site.close();
	}
};

const judgeAll = async (
	benches: Readonly<Record<string, Bench>>,
	names: readonly string[]
): Promise<readonly string[]> => {
	const missed: string[] = [];
	for (const name of names) {
		const bench = benches[name];
		if (!bench) throw new Error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}`);
		missed.push(...(await judge(bench)).missed);
	}
	return missed;
};
