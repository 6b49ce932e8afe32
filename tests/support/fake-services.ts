import type { CommandServices } from '$lib/commands/command';

type Fakes = { readonly [K in keyof CommandServices]?: Partial<CommandServices[K]> };

/** Services that answer only what a test names; any other call fails loudly. */
export const fakeServices = (fakes: Fakes): CommandServices => {
	const service = (name: string): object =>
		new Proxy((fakes as Record<string, object>)[name] ?? {}, {
			get: (target, method) => {
				if (method in target) return Reflect.get(target, method) as unknown;
				throw new Error(`${name}.${String(method)} was not expected`);
			}
		});
	return new Proxy({} as CommandServices, { get: (_, name) => service(String(name)) });
};
