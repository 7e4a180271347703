package store_test

import (
	"fmt"
	"os"
)

// childVariable makes the test binary a child process that does one thing.
const childVariable = "STORE_TEST_CHILD"

// runChild does what the child is for and returns its exit status.
func runChild(what string) int {
	fmt.Fprintf(os.Stderr, "no such child: %s\n", what)
	return 2
}
