//go:build unix

package cli

import (
	"os"
	"syscall"
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A file that root changes stays its owner's.
func TestAnEditKeepsTheOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	a, path := editable(t, "quiet: true\n")
	const owner, group = 12345, 23456
	if err := os.Chown(path, owner, group); err != nil {
		t.Fatal(err)
	}
	edit, err := a.editConfig(yamldoc.Change{Path: []string{"quiet"}, Value: yamldoc.Plain("false")})
	if err != nil {
		t.Fatal(err)
	}
	if err := edit.write(a); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if is := info.Sys().(*syscall.Stat_t); is.Uid != owner || is.Gid != group {
		t.Errorf("it is %d:%d's", is.Uid, is.Gid)
	}
}

// A new file with credentials in it is its owner's alone.
func TestNewFilesWithCredentials(t *testing.T) {
	for url, want := range map[string]os.FileMode{"http://me:pw@x:1": 0o600, "http://x:1": 0o644} {
		a, path := editable(t, "")
		a.file = nil
		edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, "o", "url"}, Value: yamldoc.Text(url)})
		if err != nil {
			t.Fatal(err)
		}
		if err := edit.write(a); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", url, info.Mode(), err)
		}
	}
}
