module example.org/zonelet

go 1.24
