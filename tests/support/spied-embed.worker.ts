/** The embed worker, which also says what it has fetched when it is asked for `addresses`. */
import '$lib/workers/embed.worker';

self.addEventListener('message', ({ data }) => {
	if (data !== 'addresses') return;
	const addresses = performance.getEntriesByType('resource').map(({ name }) => name);
	(self as unknown as Worker).postMessage({ addresses });
});
