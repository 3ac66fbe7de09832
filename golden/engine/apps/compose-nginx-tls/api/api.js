const app = require('express')();
app.get('/price/:id', (req, res) => res.json({ id: req.params.id, price: 42 }));
app.listen(3000);
