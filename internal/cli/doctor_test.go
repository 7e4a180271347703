package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// doctored is what the doctor prints of a folder with a hookctl.yaml.
func doctored(t *testing.T, config string, env map[string]string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	a := &app{world: &World{
		Dir: t.TempDir(), Stdout: &out, Stderr: &bytes.Buffer{}, Now: time.Now,
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	}}
	if err := os.WriteFile(filepath.Join(a.world.Dir, configName), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	root := newRoot(a)
	root.SetArgs(append([]string{"doctor"}, args...))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// The program's own check ends at the first fault, and names it better; the schema adds
// what comes after it.
func TestTheDoctorTellsEveryFaultOnce(t *testing.T) {
	out, err := doctored(t, "quiet: yes\nlisten:\n  prot: 1\nendpoints: {o: {urls: 1}}\n", nil)
	if err == nil {
		t.Error("nothing is found")
	}
	for _, place := range []string{":1:8: quiet: want true or false", `:3:3: unknown setting "prot"`, ":4:13: ", `:4:17: unknown key "urls"`} {
		if strings.Count(out, place) != 1 {
			t.Errorf("want %s once in\n%s", place, out)
		}
	}
}

func TestTheDoctorHasSettingsItself(t *testing.T) {
	out, _ := doctored(t, "doctor: {port: 0}\n", nil)
	if !strings.Contains(out, "127.0.0.1:0 is free") {
		t.Errorf("the port of hookctl.yaml is not looked at:\n%s", out)
	}
	out, _ = doctored(t, "doctor: {port: 1}\n", map[string]string{"HOOKCTL_PORT": "0"})
	if !strings.Contains(out, "127.0.0.1:0 is free") {
		t.Errorf("the port of the environment is not looked at:\n%s", out)
	}
}
