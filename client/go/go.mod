module github.com/lakebase-mock/lakebase-mock/client/go

go 1.21
