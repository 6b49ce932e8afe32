import { isAppError, type ErrorCode } from '$lib/shared/app-error';
import type { LogEntry, Logger } from '$lib/shared/logger';
import { thrownFacts } from '$lib/shared/thrown-facts';

type Work = (...args: never[]) => Promise<unknown>;

/** Names of the methods of a service that answer later. */
type WorkNames<Service> = {
	[Name in keyof Service]: Service[Name] extends Work ? Name : never;
}[keyof Service];

type Answer<Method> = Method extends (...args: never[]) => Promise<infer Result> ? Result : never;

/** What a method is called in the log, and what of its answer may stand there: numbers, codes, names of files. */
export type Sayings<Service> = {
	readonly [Name in WorkNames<Service>]?: {
		readonly says: string;
		readonly facts?: (result: Answer<Service[Name]>) => LogEntry['details'];
		/** Said only when it fails: for what happens all the time. */
		readonly onlyFailures?: boolean;
	};
};

/** The same service, whose named methods leave a line: how long it took, or the code of the failure. */
export const logged = <Service extends object>(
	service: Service,
	log: Logger,
	sayings: Sayings<Service>
): Service => {
	const wrapped = new Map<PropertyKey, unknown>();
	for (const name of Object.keys(sayings) as WorkNames<Service>[]) {
		const saying = sayings[name];
		if (saying) wrapped.set(name, withLine(service, name, log, saying as Saying));
	}
	return new Proxy(service, {
		get: (target, name) => wrapped.get(name) ?? Reflect.get(target, name, target)
	});
};

interface Saying {
	readonly says: string;
	readonly facts?: (result: unknown) => LogEntry['details'];
	readonly onlyFailures?: boolean;
}

const withLine =
	<Service extends object>(service: Service, name: keyof Service, log: Logger, saying: Saying) =>
	async (...args: never[]): Promise<unknown> => {
		const startedAt = performance.now();
		const tookMs = (): number => Math.round(performance.now() - startedAt);
		try {
			const result = await (service[name] as Work)(...args);
			if (!saying.onlyFailures) {
				log.info(saying.says, { tookMs: tookMs(), ...saying.facts?.(result) });
			}
			return result;
		} catch (thrown) {
			const facts = { tookMs: tookMs(), ...thrownFacts(thrown) };
			if (isAppError(thrown, 'cancelled')) log.info(`${saying.says}: cancelled`, facts);
			else if (isRefusal(thrown)) log.warning(`${saying.says}: refused`, facts);
			else log.error(`${saying.says}: failed`, facts);
			throw thrown;
		}
	};

/** Something was asked for that is not there or cannot be: no error of the app, which health counts. */
const isRefusal = (thrown: unknown): boolean =>
	isAppError(thrown) && refusals.includes(thrown.code);

const refusals: readonly ErrorCode[] = ['input-invalid', 'note-missing', 'backup-missing'];
