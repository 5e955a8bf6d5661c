/** Name of this source's folder, which is its id. */
export const sourceId = '389-directory-server';
/** The guide's two constants of the device. */
export const deviceModel = '389 Directory Server';
export const deviceType = 'Application';
