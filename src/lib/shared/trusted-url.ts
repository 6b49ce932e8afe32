interface ScriptUrlPolicy {
	createScriptURL(url: string): unknown;
}

interface PolicyFactory {
	createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | null = null;

/** The one Trusted Types policy of the app: script addresses of our own origin, nothing else. */
const appPolicy = (): ScriptUrlPolicy => {
	const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
	policy ??= factory?.createPolicy('app-policy', { createScriptURL: sameOrigin }) ?? {
		createScriptURL: sameOrigin
	};
	return policy;
};

const sameOrigin = (url: string): string => {
	const resolved = new URL(url, globalThis.location.href);
	if (resolved.origin !== globalThis.location.origin) {
		throw new TypeError(`refused a script from ${resolved.origin}`);
	}
	return resolved.href;
};

/**
 * An address that `new Worker` and `serviceWorker.register` accept under `require-trusted-types-for
 * 'script'`. Typed as string because the DOM types do not know TrustedScriptURL there. Throws for
 * another origin.
 */
export const trustedScriptUrl = (url: string): string => appPolicy().createScriptURL(url) as string;
