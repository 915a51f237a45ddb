// The whole header lines that public files and readers of such files show, with rows of invented people, through the shipped jobs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planExport } from '../../support/export-plan.ts';
import { root } from '../../support/spawn.ts';
import { workbook } from '../../support/xlsx.ts';

/** A line with the header, and a line for each person, whose cells are given by header; the others are empty. */
function table(header: string, ...people: readonly Readonly<Record<string, string>>[]): string {
  const names = header.split(',');
  const lines = people.map((cells) => names.map((name) => cells[name] ?? '').join(','));
  return [header, ...lines, ''].join('\r\n');
}

/** Microsoft Entra, Download users: a file of 2021 in a report about formulas in its cells (y-security.de), which are not escaped. */
const entra =
  'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,createdDateTime';
/** The form before it, in two converters for identity providers. */
const entraBefore =
  'userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,telephoneNumber,mobile,authenticationPhoneNumber,authenticationAlternativePhoneNumber,authenticationEmail,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification';
/** Google Workspace, Download users, in the test of an importer of 2026. */
const google =
  'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center,2sv Enrolled [READ ONLY],2sv Enforced [READ ONLY],Building ID,Floor Name,Floor Section,Email Usage [READ ONLY],Drive Usage [READ ONLY],Photos Usage [READ ONLY],Storage limit [READ ONLY],Storage Used [READ ONLY],Change Password at Next Sign-In,New Status [UPLOAD ONLY],Gemini Limit Status [READ ONLY]';
/** Atlassian, Export users, with the columns that the reader of such files adds. */
const atlassian =
  'User id,User name,email,User status,Added to org,Org role,Last seen in Jira Service Management - acme,Last seen in Jira - acme,Last seen in Confluence - acme,Last seen in Atlas - acme,Filter Jira Service Management,One Month Create';

/** A German date as a spreadsheet keeps it: days since the end of 1899. */
function asCell(text: string): string | { day: number } {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text) ?? [];
  if (year === undefined) return text;
  return { day: (Date.UTC(Number(year), Number(month) - 1, Number(day)) - Date.UTC(1899, 11, 30)) / 86_400_000 };
}

const upn = 'userPrincipalName';

describe('a published export', () => {
  it.each([
    [
      'of Entra ID takes a formula in a name for a name, and the principal name when there is no address',
      'entra',
      table(
        entra,
        {
          [upn]: 'gone@acme.onmicrosoft.com',
          displayName: '=3+1',
          id: '1',
          userType: 'Member',
          accountEnabled: 'False',
        },
        {
          [upn]: 'root_mail.example#EXT#@acme.onmicrosoft.com',
          id: '2',
          accountEnabled: 'False',
          creationType: 'Invitation',
        },
        { [upn]: 'ada@example.com', mail: 'ada@example.com', id: '3', accountEnabled: 'True' },
      ),
      ['gone@acme.onmicrosoft.com 1'],
    ],
    [
      'of Entra ID with objectId',
      'entra',
      table(entraBefore, { [upn]: 'x@acme.example', mail: 'ada@example.com', objectId: '1', accountEnabled: 'False' }),
      ['ada@example.com 1'],
    ],
    [
      'of Google Workspace with a comma in a name and cells of one space and two dashes',
      'google-workspace',
      table(
        google,
        {
          'First Name [Required]': '"Ada, Countess"',
          'Email Address [Required]': 'ada@example.com',
          'Status [READ ONLY]': 'Suspended',
          'Storage limit [READ ONLY]': ' --',
        },
        { 'Email Address [Required]': 'bobby@example.com', 'Status [READ ONLY]': 'Active', 'Employee ID': '00417' },
      ),
      ['ada@example.com'],
    ],
    [
      // Without a look-up nobody is known to be inactive.
      'of Atlassian with columns that somebody added, and takes nobody offline',
      'license-cleanup',
      table(atlassian, {
        'User id': '712020:978521a6-2367-4092-a7f6-000000000000',
        email: 'ada@example.com',
        'User status': 'Active',
        'Added to org': '3 Jan 2024',
        'Org role': 'NaN',
      }),
      [],
    ],
  ])('%s', async (_, job, content, expected) => {
    const { code, rows, stderr } = await planExport(content, job);
    expect([code, rows], stderr).toEqual([0, expected]);
  });

  it('of Personio is the same as a workbook, which has its dates as dates', async () => {
    const content = readFileSync(join(root, 'samples', 'personio.csv'));
    const lines = new TextDecoder('windows-1252').decode(content).trimEnd().split(/\r?\n/);
    const cells = lines.map((line) => line.split(';').map(asCell));
    const book = await planExport(workbook({ Mitarbeiter: cells }), 'personio', { name: 'personio.xlsx' });
    const { rows } = await planExport(content, 'personio');
    expect(rows.length).toBeGreaterThan(2);
    expect([book.code, book.rows], book.stderr).toEqual([0, rows]);
  });

  it('of the Okta API with everything that it returns beside the profile', async () => {
    const user = (id: string, status: string) => ({
      id,
      status,
      created: '2022-04-04T15:56:05.000Z',
      activated: null,
      lastLogin: null,
      type: { id: 'oty1' },
      profile: {
        firstName: 'Ada',
        mobilePhone: null,
        secondEmail: null,
        login: `${id}@login.example`,
        email: `${id}@example.com`,
      },
      credentials: { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
      _links: { self: { href: 'https://acme.okta.example/api/v1/users/1' } },
    });
    const content = JSON.stringify([user('a', 'DEPROVISIONED'), user('b', 'ACTIVE'), user('c', 'STAGED')]);
    expect((await planExport(content, 'okta-api', { name: 'users.json' })).rows).toEqual(['a@example.com a']);
  });

  it('of the Personio API, whose values have labels, through a job with dotted names', async () => {
    const employee = (email: string, date: string | null) => ({
      type: 'Employee',
      attributes: {
        id: { label: 'ID', value: 2116366 },
        email: { label: 'Email', value: email },
        termination_date: { label: 'Termination date', value: date },
      },
    });
    const job = {
      input: {
        rows: 'data',
        columns: {
          email: 'attributes.email.value',
          reference: 'attributes.id.value',
          notBefore: 'attributes.termination_date.value',
        },
        where: [{ column: 'attributes.termination_date.value', notIn: [''] }],
      },
      steps: [{ action: 'suspend-user' }],
    };
    const people = [employee('ada@example.com', '2026-09-30T00:00:00+02:00'), employee('bobby@example.com', null)];
    const content = JSON.stringify({ success: true, data: people });
    const { code, rows, stderr } = await planExport(content, job, { name: 'employees.json' });
    expect([code, rows], stderr).toEqual([0, ['ada@example.com 2026-09-29T22:00:00.000Z 2116366']]);
  });

  it('of a Workday report with aliases as keys, an entry of which lacks its address', async () => {
    const entries = [
      {
        Employee_ID: 'E900',
        Legal_Name: 'Ada',
        Work_Email: 'ada@example.com',
        Hire_Date: '2019-01-01',
        Last_Day_of_Work: '2026-10-01',
        Active_Status: 'No',
      },
      { Employee_ID: 'E901', Legal_Name: 'Missing', Hire_Date: '2020-01-01', Active_Status: 'Yes' },
    ];
    const content = JSON.stringify({ Report_Entry: entries });
    const { code, rows, stderr } = await planExport(content, 'hr-offboarding', { name: 'report.json' });
    const due = '2026-10-01T21:59:59.999Z';
    expect([code, rows], stderr).toEqual([
      0,
      [`ada@example.com ${due} E900`, `ada@example.com contractors ${due} E900`],
    ]);
  });
});
