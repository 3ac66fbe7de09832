const express = require('express');
const app = express();
const port = process.env.PORT || 3000;

app.get('/', (req, res) => res.send('blog\n'));
app.get('/posts/:slug', (req, res) => res.send('post ' + req.params.slug + '\n'));

app.listen(port, () => console.log(`blog on ${port}`));
