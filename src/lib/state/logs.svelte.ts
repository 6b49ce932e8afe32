import { presentError, type PresentedError } from '$lib/services/error-presentation';
import type {
	LogName,
	LogQuery,
	LogsKept,
	LogService,
	LogState,
	StoredLog
} from '$lib/services/log-service';
import type { LogLevel } from '$lib/shared/logger';
import { plural } from '$lib/shared/number-format';
import { dayMs, hourMs } from '$lib/shared/time';
import { MaintenanceTask } from './maintenance-task.svelte';

export type { LogName, StoredLog };
export type SinceChoice = 'all' | 'hour' | 'day' | 'week';

const spans: Readonly<Record<SinceChoice, number | null>> = {
	all: null,
	hour: hourMs,
	day: dayMs,
	week: 7 * dayMs
};
const step = 200;

/** The log page: what is looked for, what was found, and the care of the files. */
export class LogsState {
	#lines = $state.raw<readonly StoredLog[] | null>(null);
	#more = $state(false);
	#kept = $state.raw<LogState | null>(null);
	#error = $state.raw<PresentedError | null>(null);
	#limit = step;
	#asked = 0;
	log = $state<LogName>('general');
	level = $state<LogLevel>('debug');
	area = $state('');
	text = $state('');
	since = $state<SinceChoice>('all');
	readonly care = new MaintenanceTask<string>();
	readonly isFiltered = $derived(
		this.text.trim() !== '' || this.area !== '' || this.since !== 'all' || this.level !== 'debug'
	);
	readonly closedLines = $derived(
		(this.#kept?.archives ?? []).reduce((sum, { lines }) => sum + lines, 0)
	);
	readonly closedBytes = $derived(
		(this.#kept?.archives ?? []).reduce((sum, { bytes }) => sum + bytes, 0)
	);

	constructor(private readonly service: LogService) {}

	/** Null before the first answer. Newest first. */
	get lines(): readonly StoredLog[] | null {
		return this.#lines;
	}

	get more(): boolean {
		return this.#more;
	}

	get kept(): LogState | null {
		return this.#kept;
	}

	get error(): PresentedError | null {
		return this.#error;
	}

	/** Reads anew with the choices as they are; an answer to older choices is dropped. */
	load = async (): Promise<void> => {
		const asked = ++this.#asked;
		try {
			const [page, kept] = await Promise.all([
				this.service.read(this.#query()),
				this.service.state()
			]);
			if (asked !== this.#asked) return;
			this.#lines = page.lines;
			this.#more = page.more;
			this.#kept = kept;
			this.#error = null;
		} catch (thrown) {
			if (asked === this.#asked) this.#error = presentError(thrown);
		}
	};

	/** The choices changed: start with the newest lines again. */
	choose = async (): Promise<void> => {
		this.#limit = step;
		await this.load();
	};

	showOlder = async (): Promise<void> => {
		this.#limit += step;
		await this.load();
	};

	rotate = async (): Promise<void> => this.#run(async () => this.service.rotate());

	cleanup = async (keepDays: number): Promise<void> =>
		this.#run(async () => this.service.cleanup(keepDays));

	clear = async (): Promise<void> => this.#run(async () => this.service.clear(this.log));

	download = async (): Promise<void> => {
		await this.care.run(async () => {
			const { fileName, lines } = await this.service.download(this.log);
			return `${plural(lines, 'line')} went to your downloads as ${fileName}.`;
		});
	};

	async #run(work: () => Promise<LogsKept>): Promise<void> {
		await this.care.run(async () => describe(await work()));
		await this.choose();
	}

	#query(): LogQuery {
		const span = spans[this.since];
		return {
			log: this.log,
			limit: this.#limit,
			level: this.level,
			...(this.area ? { area: this.area } : {}),
			...(this.text.trim() ? { text: this.text } : {}),
			...(span === null ? {} : { sinceMs: Date.now() - span })
		};
	}
}

const describe = ({ removed, closed, kept }: LogsKept): string => {
	const compressed = closed > 0 ? `${plural(closed, 'line')} compressed, ` : '';
	return `${compressed}${formatRemoved(removed)}, ${plural(kept, 'line')} kept.`;
};

const formatRemoved = (removed: number): string =>
	removed === 0 ? 'nothing removed' : `${plural(removed, 'line')} removed`;
