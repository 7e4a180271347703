//go:build unix

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeContents checks that the links within the README lead somewhere, and that it
// names the Go that the module wants.
func TestReadmeContents(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, title := range regexp.MustCompile(`(?m)^##+ (.*)$`).FindAllStringSubmatch(string(text), -1) {
		words := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(title[1]), "")
		anchors[strings.ReplaceAll(words, " ", "-")] = true
	}
	links := regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(string(text), -1)
	if len(links) < 10 {
		t.Errorf("the README has %d links to its parts", len(links))
	}
	for _, link := range links {
		if !anchors[link[1]] {
			t.Errorf("the README has no part #%s", link[1])
		}
	}
	for _, link := range regexp.MustCompile(`\]\(([^#:)]+)\)`).FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat("../../" + link[1]); err != nil {
			t.Errorf("the README links to what is not there: %v", err)
		}
	}
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	wanted := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(module))
	if wanted == nil || !strings.Contains(string(text), ": "+wanted[1]+" or later") {
		t.Errorf("the README does not name the Go of go.mod, %q", wanted)
	}
}
