module lvsoperator.io/e2e/traffic

go 1.24
