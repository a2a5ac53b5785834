module lakebasemock.example/lakebasemock

go 1.21
