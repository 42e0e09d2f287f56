{# Our main program in the place of Brian's: values come in at the start, only what was asked for goes out. #}
#include "objects.h"
#include "run.h"
#include "runtime/blocks.h"
#include "runtime/input.cpp"
#include "runtime/output.cpp"
#include "runtime/recorded.h"
#include "runtime/schedule.h"
#include "runtime/trials.h"
#include "runtime/watch.cpp"
#include "brianlib/common_math.h"

{% for codeobj in code_objects | sort(attribute='name') %}
#include "code_objects/{{codeobj.name}}.h"
{% for block in codeobj.before_after_blocks %}
#include "code_objects/{{block}}_{{codeobj.name}}.h"
{% endfor %}
{% endfor %}

// Usage: program INPUT THREADS FOLDER [FOLDER …], with a folder for each trial; this program has one thread.
int main(int argc, char** argv)
{
    if (argc < 4) snnrun::stop(snnrun::BAD_INPUT, "bad_input arguments");
    snnrun::Inputs inputs(argv[1]);
    snnrun::Schedule schedule;
    brian_start();
    {
        using namespace brian;
        {{main_lines|autoindent}}
    }
    // Nothing is freed one by one: the process ends here.
    std::_Exit(0);
}
