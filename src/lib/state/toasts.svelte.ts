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
	#shown = $state.raw<readonly ToastMessage[]>([]);
	#held = false;
	#next = 1;

	get shown(): readonly ToastMessage[] {
		return this.#shown;
	}

	say(message: string, action: ToastMessage['action'] = null): void {
		this.#add({ message, tone: 'neutral', action });
	}

	/** A failed action, with its reason. What the user cancelled is no failure. */
	fail(what: string, error: unknown, action: ToastMessage['action'] = null): void {
		if (toAppError(error).code === 'cancelled') return;
		this.#add({ message: `${what} ${errorText(error)}`, tone: 'failing', action });
	}

	dismiss = (id: string): void => {
		this.#shown = this.#shown.filter((toast) => toast.id !== id);
	};

	hold = (held: boolean): void => {
		this.#held = held;
	};

	#add(toast: Omit<ToastMessage, 'id'>): void {
		const id = String(this.#next++);
		this.#shown = [...this.#shown.slice(1 - mostShown), { ...toast, id }];
		this.#expire(id);
	}

	#expire(id: string): void {
		setTimeout(() => {
			if (this.#held) this.#expire(id);
			else this.dismiss(id);
		}, lifetimeMs);
	}
}
