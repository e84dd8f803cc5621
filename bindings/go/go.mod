// Of its own, so that "go vet ./..." of the project wants no library.
module hello

go 1.21
