import { toAppError } from '$lib/shared/app-error';
import { errorText } from './error-text';

export interface ToastMessage {
	readonly id: string;
	readonly message: string;
	readonly tone: 'neutral' | 'failing';
	readonly action: { readonly label: string; readonly run: () => void } | null;
}

const lifetimeMs = 8_000;
const mostShown = 3;

/** Messages that float for a while. They wait while the pointer or the focus is on them. */
export class ToastsState {
	#leaving: readonly { readonly id: string; readonly run: () => void }[] = [];
	#shown = $state.raw<readonly ToastMessage[]>([]);
	#held = false;
	#next = 1;

	get shown(): readonly ToastMessage[] {
		return this.#shown;
	}

	/** `onGone` is called once, when the message leaves in whatever way: the offer is over. */
	say(message: string, action: ToastMessage['action'] = null, onGone?: () => void): void {
		this.#add({ message, tone: 'neutral', action }, onGone);
	}

	/** A failed action, with its reason. What the user cancelled is no failure. */
	fail(what: string, error: unknown, action: ToastMessage['action'] = null): void {
		if (toAppError(error).code === 'cancelled') return;
		this.#add({ message: `${what} ${errorText(error)}`, tone: 'failing', action });
	}

	dismiss = (id: string): void => {
		this.#show(this.#shown.filter((toast) => toast.id !== id));
	};

	hold = (held: boolean): void => {
		this.#held = held;
	};

	#add(toast: Omit<ToastMessage, 'id'>, onGone?: () => void): void {
		const id = String(this.#next++);
		if (onGone) this.#leaving = [...this.#leaving, { id, run: onGone }];
		this.#show([...this.#shown.slice(1 - mostShown), { ...toast, id }]);
		this.#expire(id);
	}

	#show(next: readonly ToastMessage[]): void {
		const gone = this.#shown.filter((toast) => !next.includes(toast));
		this.#shown = next;
		const over = this.#leaving.filter(({ id }) => gone.some((toast) => toast.id === id));
		this.#leaving = this.#leaving.filter((one) => !over.includes(one));
		for (const { run } of over) run();
	}

	#expire(id: string): void {
		setTimeout(() => {
			if (this.#held) this.#expire(id);
			else this.dismiss(id);
		}, lifetimeMs);
	}
}
