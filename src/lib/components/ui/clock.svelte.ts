import { createSubscriber } from 'svelte/reactivity';

const tickMs = 30_000;

const subscribe = createSubscriber((update) => {
	const timer = setInterval(update, tickMs);
	return () => clearInterval(timer);
});

/** The present time. Whatever reads it in a template is drawn again every half minute. */
export const currentTimeMs = (): number => {
	subscribe();
	return Date.now();
};
