package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the completions anew")

// completionFiles are the files under completions/, by the names that shells
// and packages look for.
func completionFiles() map[string]string {
	return map[string]string{"bash": "hookctl.bash", "zsh": "_hookctl", "fish": "hookctl.fish", "powershell": "hookctl.ps1"}
}

func TestCompletionsAreThoseOfTheProgram(t *testing.T) {
	const dir = "../../completions"
	for _, shell := range shells() {
		path := filepath.Join(dir, completionFiles()[shell])
		var script bytes.Buffer
		if err := writeCompletion(&script, newRoot(&app{world: &World{}}), shell); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(path, script.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		committed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, script.Bytes()) {
			t.Errorf("%s is not what the program prints: go test ./internal/cli -update writes it anew", path)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(shells()) {
		t.Errorf("%d files in %s, want one for each of %v", len(files), dir, shells())
	}
}
