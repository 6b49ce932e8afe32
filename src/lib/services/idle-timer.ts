/** Calls back once when nothing was heard for so long, and whatever is at work has ended. */
export interface IdleTimer {
	/** Something happened: the time begins anew. */
	touch(): void;
	/** Work that began and has not ended keeps it from running out. */
	hold(isHeld: boolean): void;
	stop(): void;
}

export const createIdleTimer = (limitMs: number, onIdle: () => void): IdleTimer => {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isHeld = false;
	const touch = (): void => {
		clearTimeout(timer);
		timer = isHeld ? undefined : setTimeout(onIdle, limitMs);
	};
	return {
		touch,
		hold(next) {
			isHeld = next;
			touch();
		},
		stop() {
			isHeld = false;
			clearTimeout(timer);
		}
	};
};
