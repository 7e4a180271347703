package cli

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// What hookctl.yaml becomes while listen runs is held against what it runs with.
func TestReloadedRoutes(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4400}
	for name, test := range map[string]struct {
		text, store string
		want        string
	}{
		"fine":             {"endpoints: {o: {url: x:1}}\n", ".hookctl", ""},
		"a loop":           {"endpoints: {o: {url: 'localhost:4400/a'}}\n", ".hookctl", "the target http://localhost:4400/a is this listener itself"},
		"of another store": {"endpoints: {o: {url: x:1}}\n", "elsewhere", "restart hookctl listen"},
	} {
		t.Run(name, func(t *testing.T) {
			a, _, err := declared(t, test.text)
			if err != nil {
				t.Fatal(err)
			}
			r := &reloader{options: &listenOptions{replyFrom: 1}, at: at, storeDir: filepath.Join(a.world.Dir, test.store)}
			routes, err := r.reroute(a)
			switch {
			case test.want == "" && (err != nil || len(routes) != 1):
				t.Errorf("%v, %d routes", err, len(routes))
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			}
			if errors.Is(err, errMoved) != (test.store == "elsewhere") {
				t.Errorf("moved: %v", err)
			}
		})
	}
}
