import type { ScheduleService } from '$lib/services/scheduler';
import { createSupportService, type SupportService } from '$lib/services/support-service';
import type { BaseServices } from './create-services';
import { saveFile } from './save-file';

/** The support bundle over services that are there already. */
export const createSupport = (services: BaseServices, schedule: ScheduleService): SupportService =>
	createSupportService({ ...services, schedule, environment, saveFile, now: Date.now });

/** What decides how the app runs here. Not the address: it may name the user. */
const environment = (): Readonly<Record<string, unknown>> => ({
	userAgent: navigator.userAgent,
	languages: navigator.languages,
	timeZoneOffsetMinutes: new Date().getTimezoneOffset(),
	cores: navigator.hardwareConcurrency,
	online: navigator.onLine,
	secure: globalThis.isSecureContext,
	isolated: globalThis.crossOriginIsolated,
	serviceWorker: 'serviceWorker' in navigator,
	controlled: navigator.serviceWorker?.controller !== null,
	webgpu: 'gpu' in navigator,
	folderAccess: 'showDirectoryPicker' in globalThis,
	installed: matchMedia('(display-mode: standalone)').matches,
	width: innerWidth,
	height: innerHeight
});
