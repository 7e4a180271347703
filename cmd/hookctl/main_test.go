package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(elsewhere{m}, map[string]func(){"hookctl": main})
}

// An elsewhere runs tests where nothing is to be seen of who runs them.
type elsewhere struct{ *testing.M }

func (e elsewhere) Run() int {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); isTheirs(name) {
			os.Unsetenv(name)
		}
	}
	home, err := newHome()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(home)
	os.Setenv("HOME", home)
	return e.M.Run()
}

// isTheirs reports whether name is a variable that hookctl, or what the tests run besides,
// takes settings from.
func isTheirs(name string) bool {
	switch upper := strings.ToUpper(name); {
	case upper == "HOOKCTL_SDK_TRIAL":
		return false
	case upper == "CURL_HOME", upper == "GOTMPDIR", upper == "NO_COLOR", upper == "VISUAL", upper == "EDITOR":
		return true
	default:
		return strings.HasPrefix(upper, "HOOKCTL_") || strings.HasPrefix(upper, "CLICOLOR") ||
			strings.HasPrefix(upper, "XDG_") || strings.HasSuffix(upper, "_PROXY")
	}
}

// newHome makes a home, and sees to it that temporary folders do not lie below a
// hookctl.yaml, which hookctl would find.
func newHome() (string, error) {
	for _, place := range []string{os.TempDir(), "/var/tmp", "/dev/shm"} {
		home, err := os.MkdirTemp(place, "hookctl-test")
		if err != nil {
			continue
		}
		if !isConfigured(home) {
			return home, os.Setenv("TMPDIR", place)
		}
		os.RemoveAll(home)
	}
	return "", errors.New("there is a hookctl.yaml above " + os.TempDir() + ", and the tests must not find one: set TMPDIR to another folder")
}

// isConfigured reports whether a hookctl.yaml lies in dir or above it.
func isConfigured(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, "hookctl.yaml")); err == nil {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
