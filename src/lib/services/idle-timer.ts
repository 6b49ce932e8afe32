/** Calls back once when nothing was heard for so long, and whatever is at work has ended. */
export interface IdleTimer {
	/** Something happened: the time begins anew. */
	touch(): void;
	/** Work that began and has not ended keeps it from running out. */
	hold(isHeld: boolean): void;
	/** A call keeps it from running out until it is answered. */
	during<T>(call: Promise<T>): Promise<T>;
	stop(): void;
}

export const createIdleTimer = (limitMs: number, onIdle: () => void): IdleTimer => {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isHeld = false;
	let calls = 0;
	const touch = (): void => {
		clearTimeout(timer);
		timer = isHeld || calls > 0 ? undefined : setTimeout(onIdle, limitMs);
	};
	return {
		touch,
		hold(next) {
			isHeld = next;
			touch();
		},
		async during(call) {
			calls += 1;
			touch();
			try {
				return await call;
			} finally {
				calls -= 1;
				touch();
			}
		},
		stop() {
			isHeld = false;
			clearTimeout(timer);
		}
	};
};
