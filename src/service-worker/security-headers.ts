/**
 * The policy for every answer of our origin, pages and workers alike: nothing foreign is loaded,
 * called or evaluated. Pages narrow it further with the hashes and Trusted Types in their meta tag,
 * which workers never see: that is why it must also come as a header.
 */
const contentSecurityPolicy = [
	"default-src 'self'",
	"script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'",
	"worker-src 'self'",
	"connect-src 'self'",
	"img-src 'self' data: blob:",
	"style-src 'self' 'unsafe-inline'",
	"font-src 'self' data:",
	"object-src 'none'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'"
].join('; ');

/** Sent by the host where it can, and added by the service worker everywhere. */
export const securityHeaders: Readonly<Record<string, string>> = {
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Embedder-Policy': 'require-corp',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Content-Security-Policy': contentSecurityPolicy,
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer',
	'Permissions-Policy':
		'camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()'
};

// [Note: The one thread that may call out]
// A model that the user asks for comes from another address. Only the thread that stores models may
// fetch it, and that thread is never given a note; the page and the other threads stay shut in.
const downloadThread = /\/download\.worker-[\w-]+\.js$/;
const downloadSources = "connect-src 'self' https: http://localhost:* http://127.0.0.1:*";

/** What is sent with the file of this path. */
export const headersFor = (path: string): Readonly<Record<string, string>> =>
	downloadThread.test(path)
		? {
				...securityHeaders,
				'Content-Security-Policy': contentSecurityPolicy.replace(
					"connect-src 'self'",
					downloadSources
				)
			}
		: securityHeaders;

/** The same answer with the security headers. Answers that cannot be read stay as they are. */
export const withSecurityHeaders = (response: Response, path: string): Response => {
	if (response.status === 0 || response.type === 'opaqueredirect') return response;
	const headers = new Headers(response.headers);
	for (const [name, value] of Object.entries(headersFor(path))) headers.set(name, value);
	const { status, statusText } = response;
	// 204, 205 and 304 may not carry a body.
	const body = [204, 205, 304].includes(status) ? null : response.body;
	return new Response(body, { status, statusText, headers });
};
