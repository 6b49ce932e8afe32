import { resolve } from '$app/paths';
import type { AppUpdates, UpdateCheck } from '$lib/services/app-updates';
import { createEmitter } from '$lib/shared/emitter';
import { trustedScriptUrl } from '$lib/shared/trusted-url';
import { Workbox } from 'workbox-window';
import { reloadOnce } from './reload-once';
import { reloadWhenPartsAreMissing } from './reload-missing-parts';
import { askTabsToSave, createUpdatePeer } from './update-consent';

export interface UpdateDeps {
	/** Brings the edits of this tab to disk; rejects when one could not be saved. */
	readonly flush: () => Promise<void>;
}

interface Reply {
	readonly ok: boolean;
	readonly value: unknown;
}

const hourMs = 3_600_000;

/** Registers the service worker. Harmless where there is none: the app then needs the network. */
export const registerServiceWorker = (deps: UpdateDeps): AppUpdates => {
	reloadWhenPartsAreMissing(deps.flush, isHostThere);
	if (!('serviceWorker' in navigator)) return unavailable;
	const workbox = new Workbox(trustedScriptUrl(`${resolve('/')}service-worker.js`));
	const ready = createEmitter<void>();
	let waiting = false;
	workbox.addEventListener('waiting', () => {
		waiting = true;
		ready.emit();
	});
	createUpdatePeer(deps.flush);
	reloadOnTakeover(deps);
	void workbox.register().catch(() => undefined); // refused: as if there were none
	checkNowAndThen(checkForUpdate);
	return {
		onUpdateReady(listener) {
			if (waiting) listener();
			return ready.subscribe(listener);
		},
		async applyUpdate() {
			if (!waiting) return 'none';
			if (!(await everyTabSaved(workbox))) return 'postponed';
			workbox.messageSkipWaiting();
			return 'updating';
		},
		async keepOffline(device) {
			await navigator.serviceWorker.ready;
			const reply = (await workbox.messageSW({ type: 'warm', device })) as Reply;
			return reply.ok;
		},
		check: checkForUpdate
	};
};

const unavailable: AppUpdates = {
	onUpdateReady: () => () => undefined,
	applyUpdate: async () => 'none',
	keepOffline: async () => false,
	check: async () => 'unsupported'
};

const everyTabSaved = async (workbox: Workbox): Promise<boolean> => {
	try {
		const reply = (await workbox.messageSW({ type: 'count-windows' })) as Reply;
		return reply.ok && (await askTabsToSave(Number(reply.value)));
	} catch {
		return false;
	}
};

/** The new version took over, here or through another tab: what this tab shows is the old one. */
const reloadOnTakeover = ({ flush }: UpdateDeps): void => {
	let controller = navigator.serviceWorker.controller;
	navigator.serviceWorker.addEventListener('controllerchange', () => {
		const first = controller === null;
		controller = navigator.serviceWorker.controller;
		// The first worker of a first visit brings no new version.
		if (!first) void reloadOnce('takeover', flush);
	});
};

/** Past what is kept for offline use, which answers reads of pages only. */
const isHostThere = async (): Promise<boolean> => {
	const answer = await fetch(resolve('/'), { method: 'HEAD', cache: 'no-store' }).catch(() => null);
	return answer?.ok ?? false;
};

const checkForUpdate = async (): Promise<UpdateCheck> => {
	try {
		const registration = await navigator.serviceWorker.getRegistration();
		if (!registration) return 'unsupported';
		await registration.update();
		return (registration.installing ?? registration.waiting) ? 'found' : 'current';
	} catch {
		return 'unreachable';
	}
};

const checkNowAndThen = (check: () => Promise<unknown>): void => {
	let last = Date.now();
	document.addEventListener('visibilitychange', () => {
		if (document.visibilityState !== 'visible' || Date.now() - last < hourMs) return;
		last = Date.now();
		void check();
	});
};
