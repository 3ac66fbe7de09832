const fs = require('fs');
const path = require('path');
const express = require('express');

const dir = path.join(__dirname, '..', 'comments');
if (!fs.existsSync(dir)) fs.mkdirSync(dir);

const app = express();
app.get('/', (req, res) => res.send(`comments (${process.env.NODE_ENV})\n`));
app.post('/:page', express.text(), (req, res) => {
  fs.appendFileSync(path.join(dir, req.params.page + '.txt'), req.body + '\n');
  res.status(201).end();
});
app.get('/:page', (req, res) => res.sendFile(path.join(dir, req.params.page + '.txt')));
app.listen(3000, () => console.log('ready'));
