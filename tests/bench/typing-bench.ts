import type { Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { startApp } from '../e2e/support/app';
import { chooseFolder, ownVault, realVaults, takeImport } from '../e2e/support/imports';
import { bodyField, startNote, waitForNotebook } from '../e2e/support/notes';
import type { Bench } from './harness/measurement';

const vault = existsSync(realVaults) ? `${realVaults}/jbranchaud-til` : ownVault;
const longestMs = 50;
const words = 'knead the dough twice and let it rest ';

/** A user writes on in the built app while a backup of a middle-sized notebook runs. */
export const typingBench = (): Bench => ({
	name: 'Typing while a backup runs',
	run: async () => {
		if (!existsSync('build')) throw new Error('There is no build: run `npm run build` first.');
		const app = await startApp();
		try {
			const page = await app.open();
			await waitForNotebook(page);
			await chooseFolder(page, app.url, vault);
			await takeImport(page);
			await app.open();
			await waitForNotebook(page);
			await startNote(page, 'Bread', '');
			const quiet = await typeOn(page, '');
			const busy = await typeOn(page, 'backup_database');
			const typed = words.repeat(quiet.times + busy.times);
			const found = (await bodyField(page).textContent()) ?? '';
			return [
				{
					name: 'keystrokes lost while a backup runs',
					value: found === typed ? 0 : Math.max(1, typed.length - found.length),
					unit: 'keys',
					goal: { kind: 'at most', value: 0 },
					detail: `${words.length * busy.times} typed during ${busy.commands} backups of ${vault}`
				},
				{
					name: `main-thread tasks over ${longestMs} ms while a backup runs`,
					value: busy.tasksMs.length,
					unit: 'tasks',
					// On a busy machine any task may wait for the processor: those without a backup tell.
					goal: { kind: 'at most', value: quiet.tasksMs.length },
					detail: `${longest(busy)}; the same typing without a backup: ${quiet.tasksMs.length} tasks, ${longest(quiet)}`
				}
			];
		} finally {
			await app.close();
		}
	}
});

interface Typing {
	/** How often the words were typed. */
	readonly times: number;
	readonly tasksMs: readonly number[];
	/** How often the command was carried out meanwhile. */
	readonly commands: number;
}

type Scope = typeof globalThis & {
	manage(line: string): Promise<{ ok: boolean; text: string }>;
	typing: { isOver: boolean; tasksMs: number[]; commands: number };
};

const longest = ({ tasksMs }: Typing): string =>
	`the longest ${Math.max(0, ...tasksMs).toFixed(0)} ms`;

const timesTyped = 10;

/** Types on, with the command running over and over. */
const typeOn = async (page: Page, command: string): Promise<Typing> => {
	const running = page.evaluate(async (line) => {
		const scope = globalThis as Scope;
		const typing = (scope.typing = { isOver: false, tasksMs: [] as number[], commands: 0 });
		const observer = new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) typing.tasksMs.push(duration);
		});
		observer.observe({ type: 'longtask' });
		while (!typing.isOver) {
			if (line === '') await new Promise((resolve) => setTimeout(resolve, 50));
			else {
				const { ok, text } = await scope.manage(line);
				if (!ok) throw new Error(text);
				typing.commands += 1;
			}
		}
		observer.disconnect();
		return typing;
	}, command);
	for (let times = 0; times < timesTyped; times += 1) await page.keyboard.type(words);
	await page.evaluate(() => {
		(globalThis as Scope).typing.isOver = true;
	});
	return { ...(await running), times: timesTyped };
};
