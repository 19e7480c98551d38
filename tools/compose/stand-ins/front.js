// Does what we need of OpenSearch's security plugin: TLS, and a check of the administrator's password.
const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const password = process.env.OPENSEARCH_INITIAL_ADMIN_PASSWORD;
const expected = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
const tls = { key: readFileSync('/opt/key.pem'), cert: readFileSync('/opt/cert.pem') };

https
  .createServer(tls, (request, response) => {
    if (request.headers.authorization !== expected) return response.writeHead(401).end();
    const { method, url: path, headers } = request;
    const asked = http.request({ host: '127.0.0.1', port: 9201, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.headersSent || response.writeHead(503).end());
    request.pipe(asked);
  })
  .listen(9200);
