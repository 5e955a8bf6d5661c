/** For tests: a certificate for `localhost` and 127.0.0.1, signed by itself. It protects nothing. */
export const testCertificate: string = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUU71xylh5DZRVm625pfoiB/K6t7AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE2MjQyN1oYDzIxMjYxMDMx
MTYyNDI3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQD4wDScAW/0+qtM6Kq1csEnf0+IroI+joiSf4eNh/NNv23nGY5rN54
mqL61/e5ATmvOvamXqVc+dtNsBgY0mvCo28wbTAdBgNVHQ4EFgQUHz2767+Irte/
eKHOFtniW353TK4wHwYDVR0jBBgwFoAUHz2767+Irte/eKHOFtniW353TK4wGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSQAwRgIhAIpOoO0QCFi8mxTxQ2qs9xmrcCefVG6q9ltPvjDrvlnZAiEA
s0LavyMVStU9hNUTFhutzYErUzNF3322o9YQpCBtDIk=
-----END CERTIFICATE-----
`;

/** The key of it. */
export const testKey: string = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7VExdLaZby2TtyGI
qs6a0oSPyNfIKepuHtslYFjSFzuhRANCAAQD4wDScAW/0+qtM6Kq1csEnf0+IroI
+joiSf4eNh/NNv23nGY5rN54mqL61/e5ATmvOvamXqVc+dtNsBgY0mvC
-----END PRIVATE KEY-----
`;
