/** What of a request says where the browser thinks it is. */
export interface RequestOrigin {
  readonly protocol: string;
  readonly headers: { readonly origin?: string | undefined; readonly host?: string | undefined };
}

const hostForm = /^[A-Za-z0-9.\-:[\]]{1,255}$/;

/** Gives the origin under which people reach the server: the one that is set, else the one of the page that asks. */
export function requestOrigin({ protocol, headers }: RequestOrigin, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const { origin, host = '' } = headers;
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return new URL(origin).origin;
  return hostForm.test(host) ? `${protocol}://${host}` : 'http://localhost:8420';
}
