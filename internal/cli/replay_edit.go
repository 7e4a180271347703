package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
)

// edit has the user change the body of the capture in an editor, and returns it.
func (r *replayer) edit(ctx context.Context) ([]byte, error) {
	c, err := r.store.Find(ctx, r.options.IDs[0])
	if err != nil {
		return nil, err
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return nil, err
	}
	if coding := inflate.Coding(c.Header); coding != "" || !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return nil, usage("captures show "+c.ID.Short()+" --body writes it to a file", "--edit: the body of %s is not text", c.ID.Short())
	}
	edited, err := r.app.editText(ctx, body)
	if err != nil {
		return nil, err
	}
	edited = withoutAdded(edited, body)
	if bytes.Equal(edited, body) {
		return nil, usage("without --edit it is sent as it is", "--edit: the body was not changed: nothing is sent")
	}
	return edited, nil
}

// withoutAdded is edited without the line break that editors put at the end, where body,
// which it was, has none.
func withoutAdded(edited, body []byte) []byte {
	if bytes.HasSuffix(body, []byte("\n")) {
		return edited
	}
	if rest, added := bytes.CutSuffix(edited, []byte("\n")); added {
		return bytes.TrimSuffix(rest, []byte("\r"))
	}
	return edited
}

// editText has the user change text in $VISUAL or $EDITOR. It lies in a file that only
// the user may read, and that is gone afterwards.
func (a *app) editText(ctx context.Context, text []byte) ([]byte, error) {
	editor := ""
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if value, ok := a.world.LookupEnv(name); ok && value != "" && editor == "" {
			editor = value
		}
	}
	if editor == "" {
		return nil, usage("export EDITOR=vi; --set PATH=VALUE changes single values", "--edit: neither $VISUAL nor $EDITOR names an editor")
	}
	file, err := a.world.Unfinished.Begin(os.TempDir())
	if err != nil {
		return nil, cannot("", fmt.Errorf("--edit: %w", err))
	}
	name := file.Name()
	defer a.world.Unfinished.End(name)
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, cannot("", fmt.Errorf("--edit: %w", err))
	}
	cmd := editorCommand(ctx, editor, name)
	cmd.Dir = a.world.Dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.world.Stdin, a.world.Stderr, a.world.Stderr
	if err := cmd.Run(); err != nil {
		return nil, cannot("", fmt.Errorf("--edit: %s: %w: nothing is sent", editor, err))
	}
	edited, err := os.ReadFile(name)
	if err != nil {
		return nil, cannot("", fmt.Errorf("--edit: %w", err))
	}
	return edited, nil
}

// editorCommand starts an editor, which may be named with arguments of its own.
func editorCommand(ctx context.Context, editor, file string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.CommandContext(ctx, "cmd", "/c", editor+` "`+file+`"`)
	}
	return exec.CommandContext(ctx, "sh", "-c", editor+` "$1"`, "sh", file)
}
