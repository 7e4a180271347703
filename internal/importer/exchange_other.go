//go:build !linux && !darwin

package importer

import "errors"

// exchange has two folders take each other's names at once, which no call does here.
func exchange(string, string) error { return errors.ErrUnsupported }
