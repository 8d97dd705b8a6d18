/** Whether answers with a status code have no body (RFC 9110, 6.4.1). */
export const hasNoBody = (code: number): boolean => code === 204 || code === 304 || code < 200
