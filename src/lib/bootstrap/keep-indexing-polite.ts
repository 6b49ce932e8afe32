import type { IndexingService } from '$lib/services/indexing-service';
import type { SessionService } from '$lib/services/session-service';
import type { IdleWatch } from './watch-idle';

interface Parts {
	readonly session: SessionService;
	readonly indexing: Pick<IndexingService, 'setIdle'>;
}

/** Tells the notebook when the user pauses: some jobs were asked to wait for that. */
export const keepIndexingPolite = ({ session, indexing }: Parts, idle: IdleWatch): void => {
	const tell = (): void => {
		if (session.current.phase !== 'ready') return;
		// A notebook that is closed meanwhile is told when it opens again.
		void indexing.setIdle(idle.isIdle()).catch(() => undefined);
	};
	idle.onChanged(tell);
	session.onChanged(tell);
};
