const http = require('http');
const fs = require('fs');
const api = process.env.API_URL;

http.createServer((req, res) => {
  http.get(api + '/sales', r => {
    let body = '';
    r.on('data', d => body += d);
    r.on('end', () => {
      const page = fs.readFileSync('/app/templates/report.html', 'utf8');
      res.end(page.replace('TOTAL', JSON.parse(body).total));
    });
  }).on('error', e => { res.statusCode = 502; res.end(String(e)); });
}).listen(8090);
