import type { HealthReport } from '$lib/domain/health';
import type { OnProgress } from '$lib/domain/progress';

export interface HealthService {
	/** The newest report of this session, or null before the first. */
	readonly latest: HealthReport | null;
	/** Light: under a second, for the start. Full: every check, with progress. */
	run(depth: 'light' | 'full', onProgress?: OnProgress): Promise<HealthReport>;
	onChanged(listener: (report: HealthReport) => void): () => void;
}
