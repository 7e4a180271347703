package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
)

// Modes are those of the files and folders of a catalog.
type Modes struct{ File, Folder fs.FileMode }

// Private are the modes of a catalog in the store.
func Private() Modes { return Modes{0o600, 0o700} }

// Shared are the modes of a catalog that is handed on.
func Shared() Modes { return Modes{0o644, 0o755} }

// verb is the command that has made the catalog.
func (im *Import) verb() string {
	if im.observed {
		return "infer"
	}
	return "import"
}

// sourceName is the short name of what was read among the sources of the catalog.
func (im *Import) sourceName() string {
	if im.observed {
		return "payloads"
	}
	return "import"
}

// heading is what the catalog is called.
func (im *Import) heading(title string) string { return cmp.Or(title, sentence(im.title), im.name) }

// CatalogFile is the text of catalog.yaml. title is what the provider is called, "" where
// only the source says.
func (im *Import) CatalogFile(title string) []byte {
	var out bytes.Buffer
	line := func(indent int, key, value string) {
		fmt.Fprintf(&out, "%*s%s: %s\n", indent, "", yamlText(key), value)
	}
	fmt.Fprintf(&out, "# Made by hookctl catalog %s; --replace makes it anew, with what was changed here gone.\n", im.verb())
	line(0, "name", yamlText(im.name))
	line(0, "title", yamlText(im.heading(title)))
	if im.observed {
		line(0, "about", yamlText("What payloads had that came, and nothing that anybody has published."))
	}
	if im.version != "" {
		line(0, "api_versions", "["+yamlText(im.version)+"]")
		line(0, "api_version", yamlText(im.version))
	}
	out.WriteString("\nsources:\n")
	line(2, im.sourceName(), yamlText(im.source()))
	if im.hasAliases() {
		out.WriteString("\naliases:\n")
		for i := range im.Events {
			for _, alias := range im.Events[i].Aliases {
				line(2, alias, yamlText(im.Events[i].Type))
			}
		}
	}
	out.WriteString("\nevents:\n")
	for i := range im.Events {
		im.writeEvent(&im.Events[i], &out, line)
	}
	return out.Bytes()
}

func (im *Import) hasAliases() bool {
	for i := range im.Events {
		if len(im.Events[i].Aliases) > 0 {
			return true
		}
	}
	return false
}

// source says what was imported, in a way that is the same on every machine.
func (im *Import) source() string {
	if im.observed {
		return "payloads that came"
	}
	text := some(im.origins) + ", " + im.Format
	if title := sentence(im.title); title != "" {
		text = title + ": " + text
	}
	return text
}

func (im *Import) writeEvent(e *Event, out *bytes.Buffer, line func(indent int, key, value string)) {
	fmt.Fprintf(out, "  %s:\n", yamlText(e.Type))
	say := func(key, value string) {
		if value != "" {
			line(4, key, yamlText(value))
		}
	}
	say("wire", e.Wire)
	say("about", e.About)
	say("group", e.Group)
	say("schema", im.listed(e.Schema.Name))
	if len(e.Examples) > 0 {
		names := make([]string, len(e.Examples))
		for i, file := range e.Examples {
			names[i] = yamlText(im.listed(file.Name))
		}
		line(4, "examples", "["+strings.Join(names, ", ")+"]")
	}
	coverage := catalog.Full
	status := provider.Documented
	switch {
	case im.observed:
		coverage, status = catalog.Partial, provider.Observed
	case e.Envelope:
		coverage = catalog.Envelope
	}
	say("coverage", string(coverage))
	if e.Deprecated {
		line(4, "deprecated", "true")
	}
	if len(e.Header) > 0 {
		out.WriteString("    headers:\n")
		for _, h := range e.Header {
			line(6, h.Name, yamlText(h.Text))
		}
	}
	line(4, "is", string(status))
	line(4, "from", im.sourceName())
	say("note", e.Note)
}

// listed is the name of a file as catalog.yaml has it: {version} stands for the version.
func (im *Import) listed(name string) string {
	if rest, ok := strings.CutPrefix(name, im.version+"/"); ok && im.version != "" {
		return "{version}/" + rest
	}
	return name
}

// yamlText is a text as YAML has it: as it is where nobody could take it for anything else.
func yamlText(text string) string {
	plain := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./$-]*$`)
	word := regexp.MustCompile(`^(?i:true|false|yes|no|on|off|null|nan|inf|y|n)$`)
	if plain.MatchString(text) && !word.MatchString(text) {
		return text
	}
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == ' ' || unicode.IsPrint(r) && r != '\ufeff':
			out.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&out, `\U%08x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// files are all files of the catalog.
func (im *Import) files(title string) []File {
	all := []File{{catalog.FileName, im.CatalogFile(title)}}
	for i := range im.Events {
		all = append(all, im.Events[i].Schema)
		all = append(all, im.Events[i].Examples...)
	}
	return all
}

// draft writes the catalog into a new folder beside dir, which is returned, and reads it
// back as every command does.
func draft(dir string, files []File, modes Modes) (folder string, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), modes.Folder); err != nil {
		return "", err
	}
	folder, err = os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".new-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder)
		}
	}()
	if err := os.Chmod(folder, modes.Folder); err != nil {
		return "", err
	}
	for _, file := range files {
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(file.Name)), file.Text, modes); err != nil {
			return "", err
		}
	}
	if _, err := catalog.Load(os.DirFS(folder), catalog.FileName); err != nil {
		return "", fmt.Errorf("what was imported is no catalog: %w", err)
	}
	return folder, nil
}

func writeFile(name string, text []byte, modes Modes) error {
	if err := os.MkdirAll(filepath.Dir(name), modes.Folder); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modes.File)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Chmod(modes.File), file.Sync(), file.Close())
}

// ErrExists says that there is a catalog already.
var ErrExists = errors.New("there is a catalog already")

// Write makes the folder dir the catalog. One that is there is replaced where replace says
// so, as a whole: whatever goes wrong, the old one is there. Files in the folder that are
// none of the old catalog's stay.
func (im *Import) Write(dir, title string, replace bool, modes Modes) error {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	old, err := owned(dir)
	if err != nil {
		return err
	}
	if len(old) > 0 && !replace {
		return ErrExists
	}
	files := im.files(title)
	folder, err := draft(dir, files, modes)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	switch others, err := hasOthers(dir, old); {
	case errors.Is(err, fs.ErrNotExist):
		return os.Rename(folder, dir)
	case err != nil:
		return err
	case others:
		return exchangeFiles(dir, folder, old, files)
	}
	return exchangeFolders(dir, folder)
}

// owned are the files of the catalog in a folder, none where there is no catalog.
func owned(dir string) ([]string, error) {
	if _, err := os.Lstat(filepath.Join(dir, catalog.FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	names := []string{catalog.FileName}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		return names, nil // it is to be replaced, whatever is wrong with it
	}
	seen := map[string]bool{}
	for i := range c.Events {
		e := &c.Events[i]
		for _, name := range append([]string{e.Schema}, e.Examples...) {
			for _, version := range append([]string{""}, c.Versions...) {
				if file := c.File(name, version); !seen[file] {
					seen[file] = true
					names = append(names, file)
				}
			}
		}
	}
	return names, nil
}

// hasOthers reports whether a folder has files besides those named.
func hasOthers(dir string, named []string) (bool, error) {
	known := map[string]bool{}
	for _, name := range named {
		for ; name != "."; name = path.Dir(name) {
			known[name] = true
		}
	}
	others := false
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && !known[name] {
			others = true
			return fs.SkipAll
		}
		return nil
	})
	return others, err
}
